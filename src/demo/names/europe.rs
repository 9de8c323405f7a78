//! The other European languages in Latin letters, with many diacritics.

use super::Language;

pub const SPANISH: Language = Language {
    weight: 7.0,
    artists: "Las Bicicletas de Papel / Coro Eléctrico del Sur / Nube Contable / Íñigo Saltapiedra / \
        Los Ascensores Tímidos / Marisol Quebrantahojas / Banda Municipal del Eclipse / Ñandú Nocturno / \
        Paraguas Amarillo / La Señorita Vértigo / Tranvía Cero / Hermanos Relámpago Ruiz-Otero / \
        Azotea Club / Violeta Caminante / El Último Farolero / Sobremesa Orquesta",
    titles: "Corriente Baja / Aurora Nacional / ¿Quién apagó el mar? / ¡Otra vez lunes!",
    pairs: &[(
        "Ventana / Canción / Mapa / Carta / La sombra / Tranvía / El balcón / Un café / Las llaves / Domingo / \
        Bolero / La lluvia / Postal / El eco / Tormenta / Un farol / La escalera / Verano",
        "del puerto / sin norte / de medianoche / para nadie / en el andén / de agosto / bajo el puente / \
        y ceniza / de mi barrio / que no llegó / al otro lado / de sal / en voz baja / de cartón / con niebla / a contraluz",
    )],
    separator: " ",
};

pub const FRENCH: Language = Language {
    weight: 6.0,
    artists: "Maison Parallèle / Éloïse Brume / Les Parapluies Inutiles / Orchestre du Quai Désert / \
        Théophile Garance-Nkomo / Café Minuscule / La Fanfare à l’Envers / Noé Vaugirel / Tempête Polie / \
        Sœurs Lavandière / Cécile Outremer / Le Grand Ascenseur / Papier Buvard / Gaëlle Sansouci / Les Heures Creuses du Lac",
    titles: "Étage zéro / Ça ira mieux mardi / L’été à côté / Où es-tu, Zoé ?",
    pairs: &[(
        "Carnet / La valse / Minuit / Un train / Le jardin / Fenêtre / Chanson / La nuit / Les clés / Dimanche / \
        Un phare / Lettre / L’orage / Bateau / Le silence",
        "d’hiver / sur la digue / sans réponse / de papier / à l’étage / en exil / des voisins / avant l’aube / \
        pour deux / sous la neige / de verre / au ralenti / du côté nord / déjà vu / à bientôt",
    )],
    separator: " ",
};

pub const GERMAN: Language = Language {
    weight: 5.0,
    artists: "Kanal Sieben / Die höflichen Gespenster / Käthe Übersee / Bahnhofsuhr / Nordwärts Verein / \
        Lüster & Söhne / Jonas Kieselgrund / Große Pause / Fräulein Müßiggang / Kapelle Süßwasser / \
        Tante Emmas Raumfahrt / Wolkenamt / Milchglas Ensemble / Anneliese Sturmvogel-Baé",
    titles: "Sleet Parade / Ruder im Nebel / Straßenbahngefühl / Donaudampfschifffahrtskapitänsliebeskummer",
    pairs: &[(
        "Licht / Ein Brief / Regen / Schlaflos / Der Mond / Zwei Stühle / Tanzen / Kein Empfang / Ein Koffer / \
        Der Fluss / Sommer / Leise / Kaffee / Die Zeit",
        "am Gleis / über den Dächern / im Treppenhaus / ohne dich / bis Mitternacht / hinter Glas / für später / \
        im März / am Kanal / unter Tage / auf Kredit / im Gegenwind / mit Blick aufs Meer / am Rand",
    )],
    separator: " ",
};

pub const PORTUGUESE: Language = Language {
    weight: 4.0,
    artists: "Varanda do Sétimo / Conceição Maré-Alta / Os Elétricos Calmos / Trio Maçã Verde / João da Neblina / \
        Orquestra Sem Pressa / Lua de Algodão / Inês Contramão / Coração Postal / Bairro Submarino",
    titles: "Não é nada, é só o vento / São Ninguém",
    pairs: &[(
        "Canção / A janela / O barco / Um beijo / Saudade / O elétrico / Manhã / A chuva / Um samba / As ondas / Dois cafés / A escada",
        "do cais / sem avião / de ontem / no quintal / à meia-luz / em dezembro / para Lívia / na contramão / \
        de algodão / devagar / da outra margem",
    )],
    separator: " ",
};

pub const SWEDISH: Language = Language {
    weight: 3.0,
    artists: "Sølvkantine / Östra Väntrummet / Åsa Vinterbåge / Tåg Till Ingenstans / Ærlige Fugler / \
        Bjørn Havregryn / Källarmåne / Systrarna Frostfjäril",
    titles: "Havregryn & Neon / Nattbuss / Å / Smörgåståg",
    pairs: &[(
        "Lyset / En båt / Snö / Sommaren / Ett brev / Månen / Vi dansar / Regn / Hjärtat / Sista bussen / En vals / Nyckeln",
        "över fjärden / på vinden / utan namn / i november / till Åsa / under isen / vid bron / så länge / i grönt / härifrån",
    )],
    separator: " ",
};

pub const ICELANDIC: Language = Language {
    weight: 1.0,
    artists: "Þokulúðrar / Sæunn Norðurbakki / Ísköld Móttaka",
    titles: "Ævintýraþrá",
    pairs: &[(
        "Ljósið / Bréf / Rigning / Draumur / Vetur / Vals / Skip / Söngur",
        "við höfnina / í nóvember / án orða / undir ísnum / á ströndinni / um miðnætti / fyrir tvo",
    )],
    separator: " ",
};

pub const POLISH: Language = Language {
    weight: 3.0,
    artists: "Ciche Windy / Zofia Mgłowska / Orkiestra Żółty Parasol / Księżyc na Kredyt / Łódź Papierowa / \
        Wąski Tor / Šedivá Tramvaj / Příliš Tichý Kůň",
    titles: "Żółć / Źdźbło / Říp v dešti",
    pairs: &[(
        "Okno / List / Deszcz / Ostatni tramwaj / Sen / Walc / Światło / Klucze / Zima / Herbata / Balkon",
        "nad rzeką / bez adresu / w listopadzie / dla sąsiadki / pod mostem / na peronie / o świcie / z papieru / \
        po północy / we mgle",
    )],
    separator: " ",
};

pub const TURKISH: Language = Language {
    weight: 2.0,
    artists: "İnce Saz Fabrikası / Gülümser Işıldak / Sessiz Vapurlar / Çınaraltı Elektrik / Ağır Çekim Şehir / Öğleden Sonra Üçlüsü",
    titles: "Iğdır’a Mektup / Şşş",
    pairs: &[(
        "Limanda / Gece yarısı / Kışın / Köprüde / Sensiz / Çatı katında / Yağmurda / Pazar günü / İskelede / Şafakta",
        "bir fener / eski şarkı / iki bardak çay / son vapur / mavi kapı / uzun yol / kâğıt gemi / boş sandalye / unutulmuş mektup",
    )],
    separator: " ",
};
