#include "core/stages/mask/tokens.h"

#include <array>

namespace winnow::mask
{

namespace
{

// Words are folded when the table is built: capitals and the marks of Latin letters do not matter.
constexpr std::array kLines{
    // en
    CueLine{
        Cue::Order,
        "order|orders|ordered|order number|order id|order no|order ref|ordernumber|orderid|purchase order|purchase "
        "number|"
        "ticket|ticket number|ticket id|support ticket|case|case number|case id|incident number|request number|"
        "tracking|tracking number|tracking id|tracking code|tracking no|shipment|shipment number|parcel|parcel number|"
        "consignment|package number|invoice|invoice number|invoice no|receipt|receipt number|transaction|"
        "transaction id|transaction number|payment id|payment reference|booking|booking number|booking reference|"
        "booking ref|booking code|reservation|reservation number|reservation code|confirmation|confirmation number|"
        "confirmation code|pnr|reference|reference number|ref|ref no|ref number|claim number|claim|rma|"
        "subscription id|licence key|license key|activation code|gift card number|voucher code|flight confirmation"},
    CueLine{
        Cue::Account,
        "account|account number|account id|account no|acct|acct no|account name|customer|customer number|customer id|"
        "client id|client number|member|member id|member number|membership|membership number|user id|userid|"
        "uid|player id|playerid|game id|profile id|patient id|patient number|policy number|policy no|employee id|"
        "employee number|student id|student number|contract number|loyalty number|frequent flyer number|"
        "sort code|routing number|device id|my id|user number|summoner id|friend code|support id|bank account"},
    CueLine{
        Cue::Username,
        "username|user name|usernames|login name|login id|screen name|screenname|nickname|gamertag|gamer tag|psn id|"
        "psn|twitter handle|instagram handle|handle is|my handle|my ign|ign|skype id|skype name|skype|discord|discord "
        "id|"
        "telegram id|snapchat name|snapchat id|my snap is|my snap|my insta is|my insta|my ig is|kik id|kik name|wechat "
        "id|line id|"
        "my login is|my login|my user is|logged in as|signed in as|user handle|profile name|apple id|epic id|steam id|"
        "add me on snap|add me on psn|add me on xbox|add me on snapchat|add me on instagram"},
    CueLine{Cue::Password,
            "password|passwort|kennwort|mot de passe|contrasena|wachtwoord|haslo|losenord|adgangskode|salasana|heslo|"
            "password is|password was|my password|passwd|my pin is|my pin|pin is|pin code is|passcode is|my "
            "passcode|my pwd is|pwd|"
            "passwort ist|mein passwort|mot de passe est|mon mot de passe|contrasena es|mi contrasena|mia password|"
            "minha senha|senha e|mijn wachtwoord|wachtwoord is|moje haslo|moje haslo to|password e"},
    CueLine{Cue::Birth,
            "date of birth|birth date|birthdate|dob|d o b|birthday|birthday is|born|born on|born in|day of birth|"
            "geburtsdatum|geburtstag|geboren am|geboren|geb|date de naissance|ne le|nee le|nee|anniversaire|"
            "fecha de nacimiento|naci el|nacido el|nacida el|nacido|nacida|cumpleanos|data di nascita|nato il|nata il|"
            "data de nascimento|nascido em|nascida em|nasci em|geboortedatum|geboren op|verjaardag|"
            "data urodzenia|urodzony|urodzona|urodzony dnia|fodelsedatum|fodt|fodselsdato|fodselsdag|syntynyt|"
            "syntymaaika|datum narozeni|narozen|narozena|szuletesi datum|szuletett|data nasterii|nascut|dogum tarihi|"
            "datum rodenja|rodjen|дата рождения|родился|родилась|дата народження|ημερομηνια γεννησης"},
    CueLine{
        Cue::Phone,
        "call|call me|call us|phone|phone number|phone no|telephone|tel|tel no|mobile|mobile number|mob|cell|cell "
        "phone|"
        "cellphone|cell number|my number|number is|contact number|whatsapp|whats app|text me|sms|fax|hotline|dial|"
        "reach me|reach me at|ring me|desk|office|viber|signal|phone nr|contact me|"
        "telefon|telefonnummer|handy|handynummer|rufnummer|meine nummer|mobil|mobilnummer|anrufen|ruf mich|"
        "telephone|numero de telephone|mon numero|numero est le|portable|appelez moi|appeler|appelez|joindre|"
        "telefono|numero de telefono|mi numero|movil|celular|llamar|llamame|llameme|"
        "numero di telefono|mio numero|cellulare|chiamare|chiamami|chiamatemi|telefone|numero de telefone|meu numero|"
        "telemovel|ligar|ligue|telefoonnummer|mijn nummer|mobiel|bel me|bellen|numer telefonu|moj numer|komorka|"
        "dzwonic|zadzwon|telefonnummer|mitt nummer|mit nummer|puhelin|puhelinnumero|numeroni|telefonni cislo|"
        "telefonszam|numar de telefon|telefon numarasi|numaram|телефон|номер телефона|мой номер|τηλεφωνο"},
    CueLine{Cue::Email,
            "email|e mail|mail|mailto|courriel|correo|correo electronico|posta elettronica|adresse mail|gmail"},
    CueLine{
        Cue::Card,
        "card|card number|credit card|credit card number|debit card|card no|cc|cc number|visa|mastercard|amex|maestro|"
        "kreditkarte|kreditkartennummer|kartennummer|karte|carte|carte bancaire|carte bleue|numero de carte|"
        "tarjeta|tarjeta de credito|numero de tarjeta|carta|carta di credito|cartao|cartao de credito|"
        "creditcard|kaart|kaartnummer|karta|karty|numer karty|kort|kortnummer|kortti|карта|карты"},
    CueLine{Cue::Bank,
            "iban|iban number|bank account number|kontonummer|compte bancaire|numero de compte|rib|cuenta bancaria|"
            "conto corrente|conta bancaria|rekeningnummer|numer konta|numer rachunku|bic|swift"},
    CueLine{
        Cue::National,
        "ssn|social security|social security number|social security no|national insurance|national insurance "
        "number|nino|"
        "national id|national id number|identity card|identity number|id card|id card number|tax id|tax number|"
        "tin|itin|sozialversicherungsnummer|steuer id|steueridentifikationsnummer|steuernummer|personalausweis|"
        "ausweisnummer|numero de securite sociale|securite sociale|numero fiscal|carte d identite|"
        "dni|nie|nif|numero de la seguridad social|codice fiscale|carta d identita|cpf|cnpj|rg|contribuinte|"
        "bsn|burgerservicenummer|pesel|nip|dowod osobisty|personnummer|fodselsnummer|cpr|cpr nummer|hetu|"
        "henkilotunnus|rodne cislo|oib|jmbg|cnp|aadhaar|aadhar|pan card|pan number|curp|rfc|medicare number|nhs number|"
        "nhs|pps|pps number|ppsn|sin number|social insurance number|tfn|tax file number|medicare|rut|cuit|cuil|egn|"
        "egn number|kimlik|tc kimlik|isikukood|asmens kodas|personas kods|amka|svnr|sv nummer|steuer "
        "identifikationsnummer|"
        "steuernr|mijn bsn|nif numero|numero de contribuinte|identity no|id no|south african id|rodne|cnp ul|emso|"
        "my number|nric|snils|"
        "инн|снилс|паспорт"},
    CueLine{Cue::Licence,
            "driver s license|drivers license|driver license|driver s license number|drivers license number|driver "
            "license number|"
            "driving licence|driving license|driving licence number|driver s licence|driver s licence number|"
            "license plate|licence plate|number plate|registration plate|fuhrerschein|fuhrerscheinnummer|kennzeichen|"
            "permis de conduire|plaque d immatriculation|permiso de conducir|licencia de conducir|matricula|patente di "
            "guida|"
            "targa|carteira de motorista|carta de conducao|rijbewijs|rijbewijsnummer|kenteken|prawo jazdy|numer "
            "rejestracyjny"},
    CueLine{Cue::Passport,
            "passport|passport number|passport no|passport id|reisepass|reisepassnummer|passnummer|passeport|numero de "
            "passeport|"
            "pasaporte|numero de pasaporte|passaporto|numero di passaporto|passaporte|paspoort|paspoortnummer|paszport|"
            "numer paszportu|загранпаспорт"},
    CueLine{Cue::Device,
            "imei|imei number|serial number|serial no|serial|s n|sn|seriennummer|numero de serie|numero di "
            "serie|serienummer|"
            "numer seryjny|mac address|advertising id|idfa|udid|vin|meid|iccid"},
    // de
    CueLine{Cue::Order,
            "bestellung|bestellnummer|bestell nr|bestellungs nr|auftrag|auftragsnummer|auftrags "
            "nr|rechnung|rechnungsnummer|"
            "rechnungs nr|sendung|sendungsnummer|paketnummer|vorgangsnummer|vorgang|ticketnummer|fallnummer|"
            "buchung|buchungsnummer|buchungscode|reservierung|reservierungsnummer|transaktion|transaktionsnummer|"
            "referenz|referenznummer|beleg|belegnummer|retoure|lizenzschlussel"},
    CueLine{
        Cue::Account,
        "konto|kundennummer|kunden nr|kunden id|kundenkonto|benutzer id|nutzer id|mitgliedsnummer|mitglieds nr|"
        "vertragsnummer|vertrags nr|versicherungsnummer|policennummer|patientennummer|personalnummer|matrikelnummer|"
        "spieler id|account nummer|accountnummer"},
    CueLine{Cue::Username,
            "benutzername|benutzernamen|nutzername|anmeldename|spielername|mein nick|angemeldet als|eingeloggt als"},
    // fr
    CueLine{Cue::Order,
            "commande|commande numero|commande no|numero de commande|num de commande|bon de commande|facture|numero de "
            "facture|"
            "colis|numero de colis|suivi|numero de suivi|dossier|numero de dossier|reclamation|reservation|"
            "numero de reservation|code de reservation|transaction|numero de transaction|billet|numero de billet|"
            "reference|numero de reference|demande|cle de licence"},
    CueLine{Cue::Account,
            "compte|compte numero|compte client|numero de client|numero client|no client|identifiant|identifiant "
            "client|mon id|"
            "numero d adherent|numero adherent|numero de membre|id client|id utilisateur|id joueur|numero de contrat|"
            "numero de police|numero d abonne|numero abonne"},
    CueLine{Cue::Username,
            "pseudo|pseudonyme|nom d utilisateur|nom utilisateur|mon login|connecte en tant que|mon insta|mon snap"},
    // es, pt, it
    CueLine{
        Cue::Order,
        "pedido|numero de pedido|num de pedido|nro de pedido|factura|numero de factura|envio|numero de "
        "envio|seguimiento|"
        "numero de seguimiento|codigo de seguimiento|paquete|reserva|numero de reserva|codigo de reserva|localizador|"
        "transaccion|numero de transaccion|expediente|numero de caso|referencia|numero de referencia|incidencia|"
        "encomenda|numero da encomenda|numero do pedido|codigo do pedido|fatura|nota fiscal|rastreio|rastreamento|"
        "codigo de rastreio|codigo de rastreamento|protocolo|numero de protocolo|numero do protocolo|transacao|chamado|"
        "ordine|numero ordine|numero d ordine|n ordine|ordine numero|fattura|numero fattura|spedizione|"
        "numero di spedizione|tracciamento|codice di tracciamento|pacco|prenotazione|numero di prenotazione|"
        "codice prenotazione|transazione|numero pratica|pratica|riferimento|numero di riferimento|segnalazione"},
    CueLine{
        Cue::Account,
        "cuenta|numero de cuenta|cliente|numero de cliente|id de cliente|id de usuario|numero de socio|id de jugador|"
        "numero de contrato|numero de poliza|conta|numero da conta|numero do cliente|codigo do cliente|id do usuario|"
        "id do utilizador|id do cliente|numero de contribuinte|matricula|account|conto|numero conto|codice cliente|"
        "numero cliente|id utente|id cliente|numero tessera|numero contratto|codice utente|identificador"},
    CueLine{Cue::Username,
            "usuario|nombre de usuario|mi usuario|mi usuario es|apodo|utilizador|nome de utilizador|nome de usuario|"
            "meu usuario|meu user|meu nick|nome utente|mio nick|nick|mi insta|meu insta"},
    // nl, pl and others
    CueLine{Cue::Order,
            "bestelling|bestelnummer|bestel nr|ordernummer|factuur|factuurnummer|zending|pakket|trackingnummer|"
            "track en trace|boeking|boekingsnummer|reservering|reserveringsnummer|transactie|transactienummer|"
            "referentie|referentienummer|zaaknummer|dossiernummer|klachtnummer|"
            "zamowienie|zamowienia|numer zamowienia|nr zamowienia|faktura|faktury|numer faktury|przesylka|przesylki|"
            "numer przesylki|paczka|paczki|numer paczki|rezerwacja|numer rezerwacji|transakcja|transakcji|"
            "numer transakcji|zgloszenie|numer zgloszenia|reklamacja|numer reklamacji|"
            "bestallning|bestallningsnummer|ordrenummer|bestilling|bestillingsnummer|tilaus|tilausnumero|objednavka|"
            "cislo objednavky|rendeles|rendelesszam|comanda|numar comanda|siparis|siparis numarasi|narudzba|"
            "заказ|номер заказа|заказа|замовлення|παραγγελια"},
    CueLine{Cue::Account,
            "klantnummer|klant nr|accountnummer|rekening|lidnummer|klant id|gebruikers id|polisnummer|contractnummer|"
            "numer klienta|nr klienta|id klienta|id uzytkownika|id gracza|numer umowy|numer polisy|"
            "kundnummer|kundenummer|asiakasnumero|cislo uctu|zakaznicke cislo|ugyfelszam|musteri numarasi|"
            "номер счета|лицевой счет|номер клиента|аккаунт"},
    CueLine{
        Cue::Username,
        "gebruikersnaam|mijn gebruikersnaam|nazwa uzytkownika|moj nick|moj login|anvandarnamn|brugernavn|brukernavn|"
        "kayttajatunnus|kayttajanimi|uzivatelske jmeno|felhasznalonev|nume utilizator|kullanici adi|логин|никнейм|"
        "имя пользователя|мой ник"},
    // persons
    CueLine{Cue::NameIs,
            "my name is|my names|my name s|name is|my full name is|full name is|i am called|they call me|"
            "the name s|name on the account is|name on account is|cardholder|cardholder name|account holder|account "
            "holder is|"
            "customer name|contact name|my friend called|someone called|a guy called|spoke to|spoke with|talked "
            "to|talked with|"
            "dealt with|chatted with|agent named|someone named|guy named|lady named|rep named|woman named|man named|"
            "employee named|agent called|"
            "ich heisse|ich heiße|mein name ist|mein name|ich bin der|heisse ich|"
            "je m appelle|mon nom est|mon nom c est|je suis monsieur|je suis madame|je me nomme|"
            "me llamo|mi nombre es|mi chiamo|il mio nome e|sono il signor|meu nome e|o meu nome e|me chamo|chamo me|"
            "mijn naam is|ik heet|nazywam sie|mam na imie|moje imie to|jag heter|mitt namn ar|jeg heter|jeg hedder|mit "
            "navn er|"
            "mitt navn er|nimeni on|minun nimeni on|jmenuji se|menuji se|moje jmeno je|volam sa|a nevem|nevem|"
            "ma numesc|numele meu este|ma cheama|benim adim|adim|zovem se|moje ime je|ime mi je|ja sam|"
            "меня зовут|мое имя|моё имя|мене звати|με λενε|το ονομα μου ειναι"},
    CueLine{
        Cue::SignOff,
        "regards|kind regards|best regards|warm regards|with regards|many regards|best wishes|sincerely|sincerely "
        "yours|"
        "yours sincerely|yours truly|yours faithfully|signed|signed by|respectfully|cordially|warmly|"
        "mit freundlichen grussen|mit freundlichem gruss|mit freundlichen grüßen|freundliche grusse|freundliche grüße|"
        "viele grusse|viele grüße|liebe grusse|liebe grüße|beste grusse|beste grüße|schone grüße|herzliche "
        "grüße|mfg|grüße|grusse|gruss|gruß|lg|vg|gez|"
        "cordialement|bien cordialement|bien a vous|salutations|sinceres salutations|meilleures "
        "salutations|amicalement|"
        "respectueusement|signe|saludos|saludos cordiales|un saludo|atentamente|cordialmente|"
        "cordiali saluti|distinti saluti|saluti|un saluto|firmato|in fede|atenciosamente|cumprimentos|os melhores "
        "cumprimentos|"
        "atentamente|abracos|abraco|assinado|met vriendelijke groet|met vriendelijke groeten|vriendelijke "
        "groet|hartelijke groet|"
        "groeten|groetjes|mvg|hoogachtend|pozdrawiam|z powazaniem|pozdrawiam serdecznie|podpisano|"
        "med vanlig halsning|med vanliga halsningar|halsningar|hilsen|med venlig hilsen|med vennlig hilsen|mvh|"
        "terveisin|ystavallisin terveisin|s pozdravem|s pozdravom|udvozlettel|tisztelettel|cu stima|cu respect|"
        "saygilarimla|saygilar|srdacan pozdrav|lijep pozdrav|с уважением|з повагою|με εκτιμηση"},
    CueLine{Cue::Thanks,
            "thanks|thank you|thx|many thanks|thanks again|thanks in advance|cheers|ty|merci|merci d avance|merci "
            "beaucoup|danke|vielen dank|"
            "danke im voraus|gracias|muchas gracias|gracias de antemano|grazie|grazie "
            "mille|obrigado|obrigada|bedankt|alvast bedankt|"
            "dank u|dank je|dziekuje|dzieki|z gory dziekuje|tack|tak|takk|mange "
            "tak|kiitos|dekuji|diky|koszonom|multumesc|tesekkurler|hvala|"
            "спасибо|ευχαριστω"},
    CueLine{Cue::Honorific,
            "mr|mrs|ms|miss|mister|dr|doctor|prof|professor|sir|madam|herr|herrn|frau|monsieur|madame|mademoiselle|mme|"
            "mlle|"
            "senor|senora|senorita|don|dona|sra|signor|signora|signorina|dott|dottor|dottoressa|senhor|senhora|"
            "meneer|mevrouw|dhr|mevr|mw|pan|pani|pana|panu|hr|fru|pani|gospodin|gospodja|gospoda|kyrios|kyria"},
    CueLine{Cue::Kin,
            "my husband|my wife|my son|my daughter|my brother|my sister|my friend|my boyfriend|my girlfriend|my mother|"
            "my father|my mom|my mum|my dad|my partner|my fiance|my fiancee|my cousin|my uncle|my aunt|my boss|my "
            "colleague|"
            "my neighbor|my neighbour|my nephew|my niece|my grandson|my granddaughter|my roommate|my coworker|our "
            "son|our daughter|"
            "mein mann|meine frau|mein sohn|meine tochter|mein bruder|meine schwester|mein freund|meine freundin|"
            "mon mari|ma femme|mon fils|ma fille|mon frere|ma soeur|mon ami|mon amie|mon copain|ma copine|mon "
            "epoux|mon epouse|"
            "mi marido|mi esposo|mi esposa|mi mujer|mi hijo|mi hija|mi hermano|mi hermana|mi amigo|mi amiga|"
            "mio marito|mia moglie|mio figlio|mia figlia|mio fratello|mia sorella|meu marido|minha esposa|minha mulher|"
            "meu filho|minha filha|meu irmao|minha irma|mijn man|mijn vrouw|mijn zoon|mijn dochter|mijn broer|mijn zus|"
            "moj maz|moja zona|moj syn|moja corka|moj brat|moja siostra"},
    CueLine{
        Cue::NameIs,
        "name|full name|first name|last name|surname|nom|prenom|nombre|apellido|apellidos|nome|cognome|sobrenome|naam|"
        "voornaam|achternaam|imie|nazwisko|imie i nazwisko|vorname|nachname|namn|navn|nimi|jmeno|prijmeni|nev|nume|"
        "prenume|ad soyad|ime|prezime|имя|фамилия|фио|ονομα|le nom|kontakt|contact "
        "person|ansprechpartner|sender|absender"},
    CueLine{
        Cue::Role,
        "agent|support agent|service agent|sales agent|representative|service representative|sales representative|rep|"
        "support rep|sales rep|customer service "
        "rep|technician|supervisor|advisor|adviser|consultant|colleague|coworker|"
        "mitarbeiter|mitarbeiterin|berater|beraterin|sachbearbeiter|sachbearbeiterin|kollege|kollegin|techniker|"
        "conseiller|conseillere|technicien|technicienne|agente|asesor|asesora|tecnico|operador|operadora|empleado|"
        "empleada|"
        "operatore|operatrice|consulente|impiegato|impiegata|atendente|tecnica|assessor|medewerker|medewerkster|"
        "monteur|"
        "konsultant|konsultantka|pracownik|doradca|handlaggare|medarbejder|asiakaspalvelija|сотрудник|оператор|"
        "менеджер"},
    CueLine{Cue::IAm,
            "i m|i am|im|this is|it is|it s|from|by|with|contact|ask for|asked|hello|hi|hey|dear|says|said|told|told "
            "me|named|called|attn|att|and|"
            "ich bin|hier ist|von|bei|hallo|liebe|lieber|guten tag|je suis|c "
            "est|de|par|bonjour|bonsoir|cher|chere|soy|hola|querido|querida|estimado|"
            "sono|ciao|gentile|caro|cara|sou|ola|caro|prezado|prezada|ik "
            "ben|beste|geachte|van|jestem|witam|drogi|droga|od|jag ar|hej|fran|"
            "jeg er|hei|fra|olen|hei|terve|jsem|ahoj|sunt|ben|merhaba|я|от|привет|здравствуйте"},
    CueLine{Cue::Unit,
            "apt|apartment|appt|appartement|suite|unit|flat|apto|apartamento|dpto|piso|departamento|interno|wohnung|"
            "whg|box|po box|p o box|"
            "postfach|boite postale|bp|apartado|casella "
            "postale|postbus|skrytka|mieszkanie|lejlighed|lgh|postboks|postbox|byt|stiege"},
    // places
    CueLine{Cue::LiveAt,
            "live at|lives at|i live on|living at|reside at|resides at|residing at|located at|living on|deliver "
            "to|delivered to|"
            "ship to|shipped to|send to|send it to|sent to|moved to|delivery to|bill to|wohne in der|wohne in|wohne "
            "am|wohne im|wohnhaft|wohnhaft in|"
            "habite au|habite a|habite|demeurant|demeurant au|livrer au|livraison au|vivo en|vivo en la|resido en|vivo "
            "na|moro na|moro no|"
            "moro em|resido na|abito in|abito a|residente in|risiedo in|woon op|woon in|woon aan|woonachtig|mieszkam "
            "na|mieszkam przy|"
            "mieszkam|bor pa|bor i|asun|bydlim|bydlim v|живу по адресу|проживаю|μενω"},
    CueLine{
        Cue::AddressIs,
        "my address|address is|address|home address|shipping address|delivery address|billing address|mailing address|"
        "postal address|adresse|meine adresse|anschrift|lieferadresse|rechnungsadresse|mon adresse|adresse est|"
        "adresse de livraison|adresse postale|direccion|mi direccion|direccion de envio|domicilio|indirizzo|mio "
        "indirizzo|"
        "endereco|meu endereco|morada|adres|mijn adres|bezorgadres|moj adres|adresem|adress|adressen|osoite|"
        "адрес|мой адрес|διευθυνση"},
    CueLine{Cue::Street,
            "street|st|str|road|rd|avenue|ave|av|avda|boulevard|blvd|bvd|bd|lane|ln|drive|dr|court|ct|crescent|close|"
            "terrace|way|"
            "highway|hwy|parkway|pkwy|square|sq|grove|gardens|mews|row|trail|loop|"
            "strasse|straße|weg|platz|allee|gasse|ring|ufer|damm|chaussee|rue|allee|chemin|impasse|quai|place|cours|"
            "route|faubourg|calle|avenida|plaza|paseo|carrera|carretera|camino|via|viale|piazza|corso|vicolo|largo|"
            "rua|travessa|estrada|praca|alameda|rodovia|straat|laan|plein|kade|gracht|dreef|baan|ulica|ul|aleja|"
            "plac|osiedle|gatan|vagen|vej|vegen|gade|gate|veien|tie|katu|kuja|ulice|namesti|utca|ut|ter|strada|"
            "calea|caddesi|cad|sokak|sok|trg|cesta|улица|ул|проспект|переулок|бульвар|οδος"},
    // dates
    CueLine{
        Cue::Month,
        "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|"
        "aug|sep|sept|oct|nov|dec|januar|februar|maerz|märz|mai|juni|juli|oktober|dezember|okt|dez|janvier|fevrier|"
        "mars|avril|"
        "juin|juillet|aout|septembre|octobre|novembre|decembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|"
        "septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|"
        "novembre|dicembre|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro|januari|"
        "februari|"
        "maart|mei|augustus|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrzesnia|pazdziernika|listopada|"
        "grudnia|"
        "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"},
    CueLine{Cue::At, "at|arroba|arobase|chiocciola|klammeraffe|apenstaartje|malpa|ät"},
    CueLine{Cue::Dot, "dot|punkt|point|punto|ponto|punt|kropka"},
    CueLine{
        Cue::Filler,
        "number|numbers|no|nr|nos|num|id|ids|is|was|are|code|ref|reference|my|the|it|s|its|it "
        "s|nummer|ist|war|lautet|mein|meine|"
        "numero|n|num|est|le|la|c "
        "est|mon|ma|es|el|mi|e|il|mio|mia|do|da|de|del|meu|minha|o|van|mijn|jest|to|numer|moj|moja|moje|"
        "er|ar|on|je|az|a|este|номер|это|мой|моя|hash|with|under|for|as|called|of|on|at|to|also|here|below|following|"
        "now|still|unter|mit|avec|sous|con|con el|com|met|pod|i|i m|i am|in|au|im|am|du|us|me|us at|me at|me on"},
    CueLine{Cue::Deed,
            "is|was|has|had|said|says|told|tells|helped|promised|explained|answered|replied|called|wrote|assured|"
            "resolved|gave|sent|asked|"
            "refused|did|does|took|lives|lived|gave|spent|shouted|married|died|born|retired|turned|works|worked|went|"
            "listened|est|etait|avait|dit|promis|repond|repondu|explique|ist|"
            "war|hat|hatte|sagte|"
            "half|versprach|antwortete|es|era|fue|dijo|tiene|ha|aveva|disse|ajudou|foi|heeft|zei|hielp|jest|byla|byl|"
            "powiedziala|powiedzial"},
    CueLine{Cue::Marker,
            "number|numbers|no|nr|nos|num|id|ids|code|ref|reference|nummer|numero|n|numer|номер|hash|lautet"},
    // what a capital does not make a name
    CueLine{
        Cue::Common,
        "the|a|an|and|or|but|not|no|yes|i|it|its|this|that|these|those|there|here|he|she|we|they|you|my|your|our|their|"
        "is|are|was|"
        "were|be|been|am|do|does|did|don|dont|can|cant|could|would|should|will|won|have|has|had|having|please|pls|plz|"
        "fix|update|"
        "updated|app|apps|application|phone|great|good|bad|best|worst|love|nice|awesome|amazing|cool|excellent|perfect|"
        "works|work|"
        "working|worked|needs|need|want|wish|also|when|why|what|where|who|how|if|then|than|so|very|too|just|only|even|"
        "still|now|"
        "again|since|after|before|because|until|while|with|without|from|for|of|in|on|at|to|by|as|all|any|every|some|"
        "many|much|more|"
        "most|other|same|new|old|last|first|next|ever|never|always|really|well|back|up|down|out|off|over|team|support|"
        "developer|"
        "developers|dev|devs|guys|everyone|anyone|folks|sir|dear|hello|hi|hey|god|lord|advance|far|keep|make|made|"
        "makes|get|got|"
        "gets|getting|give|giving|given|creating|making|fixing|adding|time|times|day|days|star|stars|rating|review|"
        "user|users|customer|"
        "service|help|game|games|free|version|using|use|used|everything|nothing|something|anything|though|however|"
        "hopefully|"
        "overall|highly|definitely|unfortunately|sorry|lot|lots|bunch|much|wrong|issue|issues|bug|bugs|problem|"
        "problems|try|"
        "tried|trying|go|going|come|coming|let|lets|see|saw|say|says|said|wife|husband|son|daughter|friend|kids|mom|"
        "dad|"
        "der|die|das|ein|eine|und|oder|aber|nicht|ich|du|er|sie|es|wir|ihr|mein|meine|sehr|auch|noch|nur|schon|hat|"
        "haben|ist|sind|"
        "war|wird|kann|bitte|gut|gute|super|toll|danke|leider|seit|nach|vor|mit|ohne|fur|von|zu|im|am|auf|aus|bei|wenn|"
        "dass|"
        "le|la|les|un|une|des|du|de|et|ou|mais|pas|ne|je|tu|il|elle|nous|vous|ils|elles|mon|ma|mes|tres|aussi|encore|"
        "plus|sur|"
        "avec|sans|pour|par|dans|est|sont|ete|etait|ai|as|avez|ont|bien|bon|bonne|merci|depuis|apres|avant|si|que|qui|"
        "quand|ce|cette|"
        "el|los|las|una|y|o|pero|no|yo|ella|mi|su|muy|tambien|mas|con|sin|para|por|en|es|son|fue|esta|bien|bueno|buena|"
        "lo|gli|uno|e|ma|non|io|lui|lei|mio|mia|molto|anche|piu|con|senza|per|da|di|in|ho|ha|hai|sono|buona|buono|"
        "ottima|"
        "os|um|uma|mas|nao|eu|ele|ela|meu|minha|muito|tambem|mais|com|sem|em|foi|bom|boa|het|een|en|maar|niet|ik|hij|"
        "zij|wij|mijn|"
        "heel|ook|nog|met|zonder|voor|van|op|is|zijn|was|goed|goede|i|w|z|na|do|nie|to|jest|sie|ja|on|ona|ale|bardzo|"
        "dobra|dobry|"
        "google|apple|samsung|android|iphone|ipad|ios|galaxy|pixel|huawei|honor|xiaomi|sony|nokia|motorola|moto|lg|htc|"
        "oneplus|"
        "oppo|vivo|garmin|fitbit|microsoft|windows|facebook|instagram|whatsapp|messenger|twitter|youtube|netflix|"
        "spotify|"
        "amazon|paypal|ebay|uber|lyft|snapchat|tiktok|telegram|signal|skype|zoom|slack|discord|reddit|pinterest|"
        "linkedin|"
        "chrome|firefox|safari|opera|edge|gmail|outlook|drive|dropbox|evernote|maps|play|store|bluetooth|wifi|gps|usb|"
        "sim|"
        "wear|watch|tablet|kindle|nexus|note|tab|band|fenix|forerunner|vivoactive|vivofit|vivosmart|connect|health|"
        "fitness|"
        "visa|mastercard|bank|netflix|disney|steam|xbox|playstation|nintendo|swiftkey|wechat|verizon|vodafone|telekom|"
        "orange|"
        "ericsson|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june|july|"
        "august|"
        "september|october|"
        "november|december|english|french|german|spanish|italian|dutch|polish|portuguese|chinese|japanese|korean|"
        "russian|american|"
        "british|europe|european|america|usa|uk|us|eu|germany|france|spain|italy|india|china|japan|canada|australia|"
        "brazil|"
        "email|mail|number|address|birthday|name|password|username|login|city|country|date|subject|message|account|"
        "candy|crush|saga|subway|surfers|temple|clash|royale|clans|pokemon|roblox|minecraft|fortnite|flipboard|threads|"
        "meta|"
        "ok|okay|lol|omg|btw|fyi|faq|ceo|pc|tv|hd|pdf|sms|url|ui|ux|id|pin|qr|vpn|ad|ads|pro|premium|plus|basic|lite|"
        "beta"},
};

}

std::span<const CueLine> cueLines()
{
    return kLines;
}

}
