#include "core/stages/match/stopwords.h"

#include <algorithm>
#include <array>

namespace winnow::match {

namespace {

/// English, German, French, Spanish, Italian, Portuguese, Dutch; in order.
constexpr auto kStopWords = std::to_array<std::string_view>({
    "aan", "abbiamo", "aber", "about", "actual", "actually", "after", "again", "against", "agli", "ago", "ai",
    "ainda", "al", "algo", "all", "alla", "alle", "alles", "allo", "alors", "already", "als", "alsjeblieft", "also",
    "although", "altijd", "always", "am", "amazing", "an", "ancora", "and", "any", "anything", "ao", "aos",
    "aplicacion", "aplicativo", "app", "application", "apps", "aquel", "are", "arent", "as", "at", "ate", "au",
    "auch", "auf", "aun", "aus", "aussi", "aux", "avait", "avec", "avere", "avoir", "awesome", "bad", "basically",
    "be", "because", "bedankt", "been", "before", "behavior", "behaviour", "bei", "being", "bem", "ben", "bene",
    "bent", "best", "better", "between", "bien", "bij", "bist", "bitte", "boa", "bom", "bon", "bonne", "both",
    "buena", "bueno", "bug", "bugs", "but", "by", "ca", "can", "cannot", "cant", "ce", "cela", "ces", "cest", "cet",
    "cette", "che", "chi", "ci", "com", "come", "comme", "como", "con", "could", "couldnt", "cual", "cuando", "cui",
    "da", "daar", "dal", "dalla", "dan", "danke", "dann", "dans", "das", "dass", "dat", "day", "days", "de", "dear",
    "degli", "dei", "dein", "deja", "del", "della", "delle", "dello", "dem", "den", "depuis", "der", "des",
    "description", "desde", "dev", "developer", "developers", "devs", "deze", "di", "dich", "did", "didnt", "diese",
    "dieser", "dieses", "dir", "dit", "do", "doch", "does", "doesnt", "doing", "donde", "done", "dont", "door",
    "dort", "dos", "dove", "down", "du", "dun", "dune", "durch", "during", "each", "een", "ein", "eine", "einem",
    "einen", "einer", "eines", "el", "ela", "elas", "ele", "eles", "elle", "elles", "else", "em", "en", "encore",
    "entonces", "entre", "er", "era", "eran", "erano", "erg", "es", "esa", "ese", "eso", "essa", "esse", "essere",
    "est", "esta", "estaba", "estan", "estao", "estas", "estava", "este", "esto", "estos", "estou", "estoy", "et",
    "etaient", "etait", "etc", "ete", "etre", "etwas", "eu", "even", "ever", "every", "everything", "expected",
    "faire", "fare", "faut", "favor", "faz", "fazer", "few", "fix", "fixed", "fixes", "fixing", "foi", "for", "fra",
    "from", "fue", "fur", "ganz", "geen", "get", "gets", "getting", "gia", "gli", "go", "goed", "goes", "going",
    "gone", "good", "got", "graag", "gracias", "grazie", "great", "gut", "ha", "haar", "habe", "haben", "habia",
    "hace", "hacer", "had", "hadden", "hadnt", "hai", "han", "hanno", "has", "hasnt", "hasta", "hat", "hatte",
    "hatten", "have", "havent", "having", "hay", "he", "heb", "hebben", "hebt", "heeft", "heel", "hello", "hem",
    "her", "here", "hers", "hes", "het", "hey", "hi", "hier", "hij", "him", "his", "ho", "hoe", "hope", "horrible",
    "how", "however", "ich", "id", "iets", "if", "ihm", "ihn", "ihr", "ihre", "ik", "il", "ill", "ils", "im",
    "immer", "in", "into", "io", "is", "isnt", "isso", "issue", "issues", "ist", "isto", "it", "its", "ive", "ja",
    "jai", "jamais", "je", "jetzt", "jij", "jouw", "jullie", "just", "kan", "kann", "keep", "keeps", "kein", "keine",
    "keinen", "kept", "know", "kon", "konnen", "konnte", "kunnen", "la", "lapplication", "las", "lately", "le",
    "lei", "leider", "les", "let", "lets", "leur", "leurs", "like", "literally", "lo", "loro", "los", "lot", "lots",
    "love", "lui", "ma", "maar", "made", "mai", "mais", "make", "makes", "making", "mal", "male", "malo", "man",
    "many", "mas", "may", "maybe", "me", "meer", "mehr", "mein", "meine", "meinen", "meme", "meno", "menos", "merci",
    "mes", "met", "meu", "mi", "mia", "mich", "might", "mij", "mijn", "mim", "minha", "mio", "mir", "mis", "mit",
    "moet", "moeten", "moi", "molto", "mon", "month", "months", "more", "most", "much", "muito", "muss", "mussen",
    "must", "muy", "my", "na", "naar", "nach", "nada", "nao", "nas", "ne", "need", "needed", "needs", "nel", "nella",
    "nem", "nest", "never", "ni", "nice", "nicht", "nie", "niet", "no", "noch", "nog", "noi", "non", "nooit", "nor",
    "nos", "not", "nothing", "notre", "nous", "now", "nu", "nuestro", "nunca", "nur", "obrigada", "obrigado", "oder",
    "of", "off", "often", "omdat", "on", "once", "onde", "onder", "one", "only", "ons", "ont", "onze", "ook", "op",
    "or", "os", "other", "others", "ou", "our", "ours", "out", "over", "own", "par", "para", "pas", "pela", "pelo",
    "per", "perche", "pero", "peu", "peut", "peux", "phone", "piu", "please", "pls", "plus", "plz", "poco", "pode",
    "por", "porque", "posso", "pour", "problem", "problems", "puede", "puedo", "puo", "qual", "quand", "quando",
    "que", "quella", "quello", "quem", "questa", "questi", "questo", "qui", "quien", "quil", "quoi", "rating",
    "really", "recently", "reproduce", "review", "reviews", "rien", "ruim", "said", "same", "sans", "sao", "say",
    "says", "schlecht", "schon", "se", "see", "seem", "seems", "seen", "sehr", "sein", "seit", "sem", "sempre",
    "ser", "seu", "shall", "she", "shes", "should", "shouldnt", "si", "sich", "sie", "siempre", "since", "sind",
    "slecht", "so", "sobre", "soll", "sollte", "solve", "solved", "some", "someone", "something", "sometimes",
    "sommes", "sono", "sont", "sou", "sous", "soy", "star", "stars", "step", "steps", "still", "su", "sua", "such",
    "suis", "sul", "sulla", "summary", "suo", "super", "sur", "sus", "svp", "ta", "te", "team", "tem", "tenho",
    "ter", "terrible", "tes", "than", "thank", "thanks", "that", "thats", "the", "their", "theirs", "them", "then",
    "there", "theres", "these", "they", "theyre", "theyve", "thing", "things", "think", "this", "those", "though",
    "through", "ti", "time", "times", "to", "toda", "todas", "todavia", "today", "todo", "todos", "toi", "toll",
    "ton", "too", "toujours", "tous", "tout", "toute", "toutes", "tra", "tres", "tried", "tries", "trop", "try",
    "trying", "tu", "tudo", "tuo", "tus", "tutta", "tutti", "tutto", "two", "uber", "uit", "um", "uma", "umas", "un",
    "una", "unas", "und", "under", "une", "uno", "unos", "uns", "unser", "unter", "until", "up", "upon", "us", "use",
    "used", "user", "users", "uses", "using", "uw", "van", "veel", "version", "very", "vi", "via", "viel", "voce",
    "voi", "von", "voor", "vor", "vos", "votre", "vous", "waar", "waarom", "want", "wanted", "wants", "war", "waren",
    "warum", "was", "wasnt", "wat", "way", "ways", "we", "week", "weeks", "weil", "wel", "well", "wenn", "wer",
    "werd", "werden", "were", "werent", "weve", "what", "whats", "when", "where", "which", "while", "who", "whom",
    "whose", "why", "wie", "wij", "wil", "will", "wir", "wird", "wish", "with", "within", "without", "wo", "wont",
    "worden", "wordt", "worst", "would", "wouldnt", "wurde", "wurden", "ya", "year", "years", "yesterday", "yet",
    "yo", "you", "your", "youre", "yours", "youve", "ze", "zeer", "zij", "zijn", "zo", "zu", "zum", "zur",
});
static_assert(std::is_sorted(kStopWords.begin(), kStopWords.end()));

}

bool isStopWord(std::string_view word) { return std::binary_search(kStopWords.begin(), kStopWords.end(), word); }

}
