"""Word lists of make_mask_tagger.py: our own."""

BRANDS = """Galaxy S9|Galaxy S21 Ultra|Galaxy Note 8|Galaxy Tab|Galaxy Watch|Pixel 6|Pixel 4a|Pixel 7 Pro|iPhone 12|iPhone X|
iPhone 13 Pro|iPhone SE|iPad Air|iPad Pro|iPad Mini|MacBook Pro|Apple Watch|AirPods|Nexus 5|Nexus 7|Redmi Note 9|Redmi 8|
Mi Band 4|Mi A2|Poco X3|Honor 8|Huawei P30|Huawei Mate 20|OnePlus 6T|OnePlus Nord|Moto G5|Moto X|Xperia Z3|Lumia 950|
Nokia 6.1|HTC One|LG G6|Oppo Reno|Vivo Y20|Kindle Fire|Fire Tablet|Chromebook|Chromecast|Apple TV|Android TV|Fire TV|
Roku|Surface Pro|Windows Phone|Windows 10|Android 11|Android Auto|CarPlay|Wear OS|Fitbit Versa|Fitbit Charge 3|Garmin|
Garmin Connect|Vivoactive 3|Fenix 5|Forerunner 245|Samsung|Samsung Health|Samsung Pay|Apple|Apple Pay|Apple Music|Google|
Google Pay|Google Play|Google Maps|Google Drive|Google Photos|Google Fit|Google Home|Google Calendar|Chrome|Firefox|Safari|
Edge|Opera|Brave|Gmail|Outlook|Hotmail|Yahoo Mail|Paypal|PayPal|Venmo|Cash App|Zelle|Revolut|Stripe|Klarna|Visa|Mastercard|
American Express|Western Union|Facebook|Messenger|Instagram|WhatsApp|Twitter|TikTok|Snapchat|Telegram|Signal|Skype|Zoom|
Teams|Slack|Discord|Viber|Line|WeChat|LinkedIn|Pinterest|Reddit|Tumblr|YouTube|YouTube Music|Netflix|Hulu|Disney Plus|
Prime Video|Amazon|Amazon Prime|Kindle|Audible|Alexa|Echo Dot|Siri|Cortana|Bixby|Spotify|Deezer|Tidal|Pandora|SoundCloud|
Shazam|Twitch|Steam|Xbox|Xbox Live|PlayStation|PS4|Nintendo Switch|Minecraft|Fortnite|Roblox|Candy Crush|Clash of Clans|
Clash Royale|Pokemon Go|Angry Birds|Subway Surfers|Temple Run|Among Us|Call of Duty|Genshin Impact|Uber|Uber Eats|Lyft|
Bolt|Grab|DoorDash|Deliveroo|Airbnb|Booking|Expedia|Tripadvisor|Ryanair|eBay|Etsy|AliExpress|Wish|Shein|Zalando|Ikea|
Walmart|Target|Costco|Starbucks|McDonalds|Dropbox|Evernote|OneNote|OneDrive|Notion|Trello|Asana|Jira|Todoist|Excel|Word|
PowerPoint|Acrobat|Photoshop|Lightroom|Canva|Duolingo|Babbel|Strava|Runkeeper|MyFitnessPal|Nike Run Club|Headspace|Calm|
Tinder|Bumble|Badoo|Swiftkey|Gboard|Grammarly|NordVPN|LastPass|Bitwarden|Authenticator|Norton|Avast|Nextcloud|VLC|Plex|
Kodi|Sonos|Bose|Philips Hue|Nest|Ring|Tesla|Waze|Citymapper|Flipboard|Feedly|BBC News|Vodafone|T-Mobile|Verizon|AT&T|
Orange|Telekom|Sprint|O2|Comcast|Photo Editor|Night Shift|Dark Mode|Live Photos|Face ID|Touch ID|Game Center|Play Store|
App Store|Play Games|File Manager|Quick Reply|Smart Lock|Picture in Picture|Do Not Disturb|Control Center""".replace("\n", "").split("|")

THEMES = "Dark|Light|Ocean|Forest|Midnight|Solar|Classic|Retro|Material|Neon|Paper|Snow|Sunset|Cherry|Mint|Graphite".split("|")

COMPANY = """Inc|Inc.|Ltd|Ltd.|LLC|PLC|Corp|Corp.|Corporation|Company|Co.|Group|Holding|Holdings|Partners|Associates|Bros|
& Sons|& Co|GmbH|AG|KG|OHG|SE|e.V.|SA|S.A.|SARL|SAS|SL|S.L.|SpA|S.p.A.|Srl|S.r.l.|Lda|BV|B.V.|NV|N.V.|Sp. z o.o.|AB|A/S|ApS|
AS|Oy|Oyj|s.r.o.|a.s.|Kft.|d.o.o.|Pty Ltd""".replace("\n", "").split("|")

FIELDS = """Solutions|Systems|Consulting|Services|Media|Foods|Stores|Market|Markets|Logistics|Insurance|Bank|Finance|Capital|
Energy|Electric|Motors|Auto|Parts|Tools|Supply|Hardware|Software|Technologies|Tech|Labs|Data|Networks|Telecom|Health|Care|
Clinic|Hospital|Pharmacy|Dental|Fitness|Sports|Books|Records|Music|Pictures|Studios|Films|Press|Design|Architects|Builders|
Construction|Homes|Realty|Properties|Gardens|Landscaping|Cleaning|Travel|Tours|Airlines|Shipping|Trading|Import|Export|
Fashion|Apparel|Shoes|Jewelers|Furniture|Kitchen|Bakery|Cafe|Coffee|Restaurant|Grill|Pizza|Brewery|Winery|Farms|Dairy|
Academy|School|College|University|Institute|Foundation|Society|Club|Museum|Theatre|Library|Orchestra|Choir|Gallery|Agency|
Advisors|Management|Recruiting|Legal|Law|Security|Plumbing|Heating|Roofing|Printing|Packaging|Chemicals|Steel|Mining|
Aviation|Marine|Robotics|Optics|Games|Toys|Pets|Vets|Outfitters|Warehouse|Depot|Outlet|Planning|Programming|Research""".replace("\n", "").split("|")

NAMEWORDS = """Blue|Red|Green|Golden|Silver|Bright|Clear|Prime|First|Royal|Grand|United|Global|National|Western|Eastern|
Northern|Southern|Pacific|Atlantic|Central|Metro|City|Urban|Country|Coastal|Alpine|River|Lake|Mountain|Valley|Harbor|Bay|
Forest|Oak|Maple|Cedar|Pine|Stone|Iron|Copper|Crystal|Diamond|Star|Sun|Moon|Sky|Cloud|Storm|Fire|Wind|Wave|Ocean|Eagle|
Falcon|Hawk|Lion|Tiger|Bear|Wolf|Fox|Dragon|Phoenix|Apex|Summit|Peak|Vertex|Quantum|Fusion|Matrix|Vector|Delta|Omega|Alpha|
Sigma|Nova|Orion|Atlas|Titan|Apollo|Mercury|Future|Modern|Classic|Smart|Quick|Rapid|Swift|Easy|Simple|Total|Complete|Perfect|
Super|Mega|Ultra|Best|Choice|Value|Quality|Trust|Safe|Secure|Family|Community|Heritage|Liberty|Freedom|Patriot|Pioneer|
Frontier|Discovery|Horizon|Vision|Insight|Expert|Master|Pro|Elite|Premier|Excel|Integra|Inno|Omni|Uni|Poly|Multi|Trans|Inter|
Euro|Ameri|Nor|Sol|Lumi|Vita|Medi|Agri|Aqua|Terra|Geo|Bio|Eco|Techno|Digi|Cyber|Micro|Data|Info|Web|Net|Link|Page""".replace("\n", "").split("|")

PEOPLE = """American|British|English|Scottish|Irish|Welsh|French|German|Italian|Spanish|Portuguese|Dutch|Belgian|Swiss|
Austrian|Polish|Czech|Slovak|Hungarian|Romanian|Bulgarian|Greek|Turkish|Russian|Ukrainian|Swedish|Norwegian|Danish|Finnish|
Icelandic|Estonian|Latvian|Lithuanian|Croatian|Serbian|Slovenian|Bosnian|Albanian|Macedonian|Canadian|Mexican|Brazilian|
Argentine|Chilean|Colombian|Peruvian|Venezuelan|Cuban|Australian|Chinese|Japanese|Korean|Vietnamese|Thai|Indonesian|Malaysian|
Filipino|Indian|Pakistani|Bangladeshi|Iranian|Iraqi|Israeli|Egyptian|Moroccan|Algerian|Tunisian|Nigerian|Kenyan|Ghanaian|
Ethiopian|Maltese|Cypriot|Arab|Jewish|Kurdish|Armenian|Georgian|Nepali|Cambodian""".replace("\n", "").split("|")

COUNTRIES = """Germany|France|Spain|Italy|Portugal|Netherlands|Belgium|Austria|Switzerland|Poland|Czech Republic|Slovakia|
Hungary|Romania|Bulgaria|Greece|Turkey|Russia|Ukraine|Sweden|Norway|Denmark|Finland|Iceland|Ireland|United Kingdom|England|
Scotland|Wales|Estonia|Latvia|Lithuania|Croatia|Serbia|Slovenia|Luxembourg|Malta|Cyprus|USA|US|UK|United States|Canada|Mexico|
Brazil|Argentina|Chile|Uruguay|Colombia|Peru|Australia|New Zealand|China|Japan|South Korea|Vietnam|Thailand|Indonesia|Malaysia|
Singapore|Philippines|India|Pakistan|Bangladesh|Iran|Israel|Egypt|Morocco|Tunisia|Algeria|Nigeria|Kenya|South Africa|Ghana|
Ethiopia|Saudi Arabia|Greenland|Europe|Africa|Asia|America|Deutschland|Österreich|Schweiz|Frankreich|España|Italia|
Nederland|België|Belgique|Suisse|Polska|Sverige|Norge|Danmark|Suomi|Česko|Magyarország|România|Hrvatska|Türkiye|Brasil""".replace("\n", "").split("|")

JOBS = """teacher|nurse|doctor|dentist|lawyer|engineer|software developer|programmer|designer|graphic designer|architect|
accountant|bookkeeper|cashier|sales manager|project manager|product manager|office manager|store manager|plumber|electrician|
carpenter|mechanic|truck driver|bus driver|taxi driver|pilot|flight attendant|chef|cook|waiter|waitress|baker|butcher|farmer|
gardener|hairdresser|pharmacist|physiotherapist|psychologist|social worker|police officer|firefighter|soldier|journalist|
photographer|painter|musician|actor|actress|singer|writer|translator|librarian|secretary|receptionist|consultant|
real estate agent|insurance agent|marketing director|account executive|data analyst|research assistant|professor|student|
warehouse worker|cleaner|caretaker|security guard|personal trainer|veterinarian|optician|surgeon|paramedic|midwife|
machine operator|welder|roofer|glazier|tailor|postman|courier|civil engineer|bank clerk|financial adviser|head of sales|
vice president|managing director|chief executive|human resources manager|systems administrator|network technician|
quality inspector|shift supervisor|kindergarten teacher|speech therapist|occupational therapist|radiologist|lab technician|
Lehrer|Krankenschwester|Ärztin|Ingenieur|Buchhalterin|Verkäufer|Informatiker|professeur|infirmière|avocat|médecin|comptable|
ingénieur|profesor|enfermera|abogado|médico|contable|insegnante|infermiera|avvocato|medico|ragioniere|professora|enfermeiro|
advogada|leraar|verpleegkundige|advocaat|arts|nauczyciel|pielęgniarka|lekarz|księgowa|lärare|sjuksköterska|lærer|sygeplejerske""".replace("\n", "").split("|")

STREETS = {
    "en": ("{n} {x} {Street|Road|Avenue|Lane|Drive|Court|Way|Place|Close|Crescent|Terrace|Boulevard|Hill|St|Rd|Ave|Dr|St.|Rd.|Ave.|Blvd}",),
    "de": ("{x}{straße|strasse|weg|gasse|platz|allee|ring|str.} {n}", "{Am|An der|Auf dem|Zum|Im} {x} {n}"),
    "fr": ("{n} {rue|avenue|boulevard|place|impasse|chemin|Rue|Avenue} {|de |de la |du |des |d'}{x}", "{Rue|Avenue|Chemin} {de |du |de la |}{x} {n}"),
    "es": ("{Calle|Avenida|C/|Plaza|Paseo|Avda.|Carrer} {|de |del |de la }{x}, {n}", "{Calle|Avenida} {x} {n}"),
    "it": ("{Via|Viale|Piazza|Corso|Largo|via} {|di |del |della |San }{x}, {n}", "{Via|Piazza} {x} {n}"),
    "pt": ("{Rua|Avenida|Travessa|Praça|R.|Av.} {|de |da |do |dos }{x}, {n}", "{Rua|Avenida} {x} {n}"),
    "nl": ("{x}{straat|laan|weg|plein|gracht|kade|dijk|hof} {n}", "{Van |De |}{x}{straat|laan} {n}"),
    "pl": ("{ul.|ul|al.|os.|plac} {x} {n}", "{ul.} {x} {n}/{m}"),
    "sv": ("{x}{gatan|vägen|gränd|stigen} {n}",),
    "da": ("{x}{vej|gade|allé|vænget|stræde} {n}",),
    "no": ("{x}{veien|gata|vegen|gate} {n}",),
    "fi": ("{x}{katu|tie|kuja|polku} {n}", "{x}{katu|tie} {n} A {m}"),
    "cs": ("{x}{ova|ská|ní} {n}", "{n}. května {m}", "{Na|U|Pod} {x} {n}"),
    "hu": ("{x} {utca|út|tér|u.|krt.} {n}.",),
    "ro": ("{Strada|Str.|Calea|Bulevardul} {x} {n}", "{Str.|Strada} {x} nr. {n}"),
    "hr": ("{x} {ulica|cesta} {n}", "{Ulica|Trg} {x} {n}"),
    "sl": ("{x} {ulica|cesta|trg} {n}", "{x} {n}"),
    "et": ("{x} {tee|tänav|mnt|pst} {n}", "{x} {n}"),
    "tr": ("{x} {Caddesi|Sokak|Cad.|Sok.} No:{n}", "{x} {Mah.} {y} {Sok.} {n}"),
    "is": ("{x}{gata|vegur|stígur|braut} {n}",),
    "ru": ("{ул.|улица|проспект|пр.} {x}, {д. |}{n}",),
    "uk": ("{вул.|вулиця|проспект} {x}, {n}",),
    "bg": ("{ул.|бул.} {x} {n}",),
    "el": ("{x} {n}", "{Οδός|οδός|Λεωφόρος} {x} {n}"),
    "xx": ("{x} {n}", "{n} {x}", "{n} {x} {m}"),
}

UNITS = "Apt. {n}|Apt {n}|Suite {n}|Unit {n}|Flat {n}|#{n}|Apartment {n}|Floor {n}|Room {n}|apt {n}|2nd floor|Whg. {n}|Appt {n}|piso {n}|Apto {n}|Box {n}|bus {n}|lok. {n}|Building {n}".split("|")

# endings of villages, for those that no list has
VILLAGES = {
    "en": "ton ham ford bury wick field dale wood bridge stead worth ley mouth port ville burg".split(),
    "de": "dorf heim hausen berg burg feld bach ingen stadt kirchen thal wald hofen".split(),
    "fr": "ville court y ac court mont bourg villers ières".split(),
    "es": "illa eda osa era ona uela ales".split(),
    "it": "ano ello etto ate ago ara asco".split(),
    "pt": "eira ães al inho osa im".split(),
    "nl": "dam dijk hoven drecht loo broek kerk veen".split(),
    "pl": "ów ice owo in sk ki ec yn".split(),
    "sv": "by stad torp sta holm vik ås".split(),
    "da": "by rup sted lev borg ling bjerg".split(),
    "no": "vik nes heim stad fjord dal".split(),
    "fi": "la järvi lahti mäki koski niemi nen".split(),
    "cs": "ov ice any ín ec ná".split(),
    "hu": "fa háza hely vár falva szeg".split(),
    "ro": "ești eni a ova iș".split(),
    "hr": "ac ovo ica evo ina je".split(),
    "sl": "ica ovo je na ec".split(),
    "et": "la vere küla saare mäe a".split(),
    "is": "vík fjörður eyri staðir nes".split(),
}

PARTS = "ba be bo bra bre da do dra du el fa fer ga gor gra ha hel hol ja ka kar kel ko kra la lan le lin lo lu ma mar mel mi mo na nor o pa per pra ra re ri ro ru sa schan sel si so sta ste ta tel ti tor tra u va vel vi wa wal we wil za zel".split()

LANGUAGES = "English|French|German|Spanish|Italian|Dutch|Polish|Portuguese|Russian|Arabic|Hebrew|Chinese|Japanese|Korean|Hindi|Thai|Turkish|Swedish|Danish|Greek|Croatian|Czech|Ukrainian".split("|")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Oct|Nov|Dec".split("|")
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Christmas|Easter|yesterday|tonight".split("|")
PARTICLES = "van|van der|van den|de|de la|del|von|di|da|dos|al|bin|El|O'|Mc|Mac|St.".split("|")
