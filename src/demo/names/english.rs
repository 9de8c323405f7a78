//! English, half of the library, with markup, emoji and very long names.

use super::Language;

pub const ENGLISH: Language = Language {
    weight: 50.0,
    artists: ARTISTS,
    titles: TITLES,
    pairs: &[(QUALITIES, THINGS), (MATTERS, PURPOSES), (ACTS, PLACES)],
    separator: " ",
};

const ARTISTS: &str = "The Quiet Municipality / Moth Assembly / Pale Ferris / Ada & the Substations / \
    Tender Machinery / Mezzanine Weather / Night Bus Dividend / Saltmarsh Radio Theatre / \
    Ottoline Crake / The Borrowed Ladders / Vesper Turnstile / Kettle & Compass / Marlowe Fenwright / \
    Low Tide Accountants / The Velvet Plumbers / Delphine Okoro-Hale / Glass Orchard Union / \
    Harrow Street Choir Practice / Percival Dunmoor / The Unsent Telegrams / Copper Wren Society / \
    Junie Halloway Trio / Polite Avalanche / The Lost Property Office / Sable & Thrift / \
    Wendeline Marsh / Ninth Floor Garden / The Paperclip Rebellion / Orrin Castlemay / Dry Dock Serenaders / \
    Tamsin Oyelaran-Birch / The Second Best Umbrellas / Gravel Minuet / Hollis Penhallow / \
    Foglamp Sisters / The Understudy Orchestra / Bramble Telephone / Crispin Adeyemi-Lowe / \
    Static Meadow Committee / The Late Edition Four / Isolde Farthingale / Cardboard Cathedral Club / \
    The Tuesday Lanterns / Winifred Quill / Amber Switchboard / Dust Jacket Revival / Elgin Moorcroft / \
    The Patient Geese / Sunday Ironworks / Rosalind Tanqueray-Obi / Barnacle Parade / The Invisible Tailors / \
    Felix Underbough / Porcelain Freight / The Hand-Me-Down Suits / Mabel Strand & Company / \
    Midnight Allotment / The Weathervane Quartet / Cosmo Hatherleigh / Linoleum Sunrise / \
    The Accidental Cartographers / Juniper Voss-Adeleke / Tin Thimble Parade / Sixpence Meridian / \
    The Goodnight Signalmen / Leopold Ashgrove / Velour Canyon Riders / Thistle & Volt / Odessa Merriweather-Koh / \
    The Corduroy Comets / Basil Rainsford / Plaster Saints Reunion / The Hourglass Mechanics / Nettie Calloway Jones-Ito / \
    Drizzle Academy / The Left Luggage Band / Ambrose Tilling / Kindling Department / \
    The Nearly Electric Choir / Philippa Lund-Mensah / Backyard Observatory / The Honest Ventriloquists / \
    Rusty Semaphore / Clementine Achebe-Stone / Porchlight Syndicate / The Folding Chairs of Rhyl / \
    Augustin Breeze / Marzipan Turbine / The Cloakroom Attendants / Hettie Broadwater / Wicker Satellite / \
    The Slow Postmen / Desmond Larkspur / Quarry Lake Swimmers / The Emergency Pianos / Fennel Rothwell / \
    Brass Pigeon Brigade / Custard Monorail / The Sleepwalking Architects / Imogen Tarrant-Diallo / \
    Lighthouse Payroll / The Reluctant Astronomers / Silas Thornbury / Gingham Thunder / \
    “Quoted” & the Unquoted / <b>Bold</b> Intentions / & Daughters / 'Til Tomorrow's Papers / \
    Paper Dragon 🐉 Club / \
    The Incomplete and Frequently Interrupted History of the Municipal Swimming Pool Orchestra and Friends";

const TITLES: &str = "Lantern Tax / Kilowatt Hymn / Slow Elevator / Paper Harbour / \
    If You Are Reading This, the Ferry Has Already Left and I Have Taken the Good Umbrella / \
    Rhythm & <b>Blues</b> / \"Untitled\" (for Now) / <br> Up / Tea & Sympathy & Tea / 'Round About Half Past / \
    Postcard from 🏝️ / 100 % Chance of Rain / {{ your name here }} / \\Backslash\\ / R&amp;D / Ghost Orchard / Overnight Parcel / \
    A Short Inventory of Everything We Left in the Blue Car, Read Aloud by the Person Who Had to Clean It, \
    Accompanied by Two Accordions and the Sound of a Distant Lawnmower / \
    #1 Fan of the Number Two Bus / O / Ballast / Parapet / Undertow / Sodium / Wicket / Halfway / Marzipan / Isobar / \
    Tarpaulin / Gossamer / Kerosene / Milestone / Almanac / Driftwood / Tangerine / Caravel / Thimble / \
    Overcoat / Pendulum / Saltwater / Foxglove / Turnpike / Nocturnal / Honeycomb / Semaphore / Linger / \
    Bonfire / Trespass / Afterglow / Hinterland / Vermilion / Quicksand / Moonlit / Windfall / Paraffin / \
    4′48″ / … / 🌧️☂️🌧️ / Nº 7, Allegedly";

const QUALITIES: &str = "Copper / Zinc / Paper / Velvet / Hollow / Borrowed / Overnight / Northern / Slow / \
    Ivory / Second-Hand / Electric / Salt / Harbour / Winter / Crooked / Silver / Unsigned / Folding / \
    Plastic / Amber / Feral / Distant / Tin / Sleeping / Vacant / Lucky / Bitter / Clockwork / Summer / \
    Painted / Half-Lit / Sunken / Feathered / Nervous / Gentle / Broken / Marble / Wild / Neon / Suburban / \
    Invisible / Weekday / Cobalt / Cotton / Midnight / Honest / Runaway / Spare / Radio / Reluctant / Glass";

const THINGS: &str = "Coast / Sleep / Parade / Ledger / Orchard / Telephone / Avenue / Season / Machine / \
    Lullaby / Ferry / Kingdom / Daughter / Weather / Mercy / Signal / Carousel / Hours / Garden / Letters / \
    Horses / Station / Waltz / Dividend / Mirror / Engine / Lantern / Satellite / Window / Suitcase / \
    Holiday / Company / Fever / Anthem / Staircase / Alibi / River / Pilot / Cinema / Kitchen / Apology / \
    Blossom / Static / Compass / Thunder / Landlord / Matinee / Umbrella / Wolves / Arithmetic / Promise";

const ACTS: &str = "Dancing / Waiting / Nobody's Home / Meet Me / Sleeping In / Lost My Keys / Still Here / \
    Two Left Shoes / Leave the Light On / Counting Swans / Call Me Back / Letters Sent / Everything's Fine / \
    A Little Rain / Last Orders / I Was Happy / We Used to Swim / Don't Look Down / Something Blue / Your Name";

const PLACES: &str = "at the Bus Depot / Under the Pylons / by the Reservoir / in the Wrong Town / \
    After the Fair / on Platform Nine / in October / Before the Flood Came Through / at the Edge of the Map / \
    Above the Bakery / on a Tuesday / Between the Tides / in Triplicate / Behind the Cinema / for Now / \
    on the Night Shift / Without a Coat / Down the Canal / in Slow Motion / at Closing Time / Until Spring";

const MATTERS: &str = "A Map / The Last Days / Seven Letters / Portrait / A Field Guide / Two Cheers / Directions / \
    Small Prayers / Songs / The Wrong Key / Half a Mile / Instructions / A Recipe / Good News / The Long Way / \
    An Argument / Some Questions / Nineteen Reasons";

const PURPOSES: &str = "for the Lighthouse Keeper / from the Fourth Floor / for Left-Handed Lovers / to the Allotment / \
    from a Parked Car / for the Ferry Queue / About the Weather / to Nowhere, Mostly / for Beginners / \
    from My Sister’s Kitchen / for an Empty Ballroom / to the Sea / About Being Late / from the Old Country / \
    for the Road Home / Without Vowels / to Be Read Aloud / in Pencil";
