// Words of streets, units and states: what addresses are told by.
#ifndef CLIENTBOOK_SCANNER_STREET_LISTS_HPP
#define CLIENTBOOK_SCANNER_STREET_LISTS_HPP

#include "word_lists.hpp"

namespace clientbook::scanner {

// After the name: `88 Old Mill Road`. Those of the second list (USPS Publication 28, C1, and what
// is usual elsewhere) are also common words and need a capital letter.
CLIENTBOOK_WORDS(
    street_types,
    " street st avenue ave av blvd boulevard road rd lane ln drive dr parkway pkwy highway hwy "
    "terrace crescent cres trl turnpike tpke expressway expy gdns mews");
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(street_types_capital,
                 "close court courts ct circle cir crescent garden gardens green grove hill mall "
                 "mews park park place pl plaza row square sq trail walk way wharf yard");
#else
CLIENTBOOK_WORDS(
    street_types_capital,
    " alley annex arcade bayou beach bend bluff bluffs bottom branch bridge brook brooks broadway "
    "burg "
    "burgs bypass camp canyon cape causeway center centers centre cir circle circles circus cliff "
    "cliffs "
    "close club common commons corner corners course court courts ct cove coves creek crossing "
    "crossroad crossroads curve dale dam divide drives esplanade estate estates extension "
    "extensions "
    "fall falls ferry field fields flat flats ford fords forest forge forges fork forks fort "
    "freeway "
    "garden gardens gate gateway glen glens green greens grove groves harbor harbors harbour haven "
    "heath heights hill hills hollow inlet island islands isle junction junctions key keys knoll "
    "knolls "
    "lake lakes land landing light lights loaf lock locks lodge loop mall manor manors meadow "
    "meadows "
    "mill mills mission motorway mount mountain mountains neck orchard oval overpass parade park "
    "parks "
    "parkways pass passage path pier pike pine pines pl place plain plains plaza point points port "
    "ports "
    "prairie quay radial ramp ranch rapid rapids rest ridge ridges rise river road roads route row "
    "rue "
    "run shoal shoals shore shores skyway spring springs spur spurs sq square squares station "
    "strand "
    "stravenue stream streets summit ter throughway trace track trafficway trail trailer tunnel "
    "underpass union unions vale valley valleys via viaduct view views village villages ville "
    "vista walk "
    "walks wall way ways well wells wharf yard nagar marg chowk colony enclave vihar layout towers "
    "fairway mew house lodge mansions ctr crt cv xing hts jct mdws mtn mnr orch plz rdg rte spgs "
    "ter "
    "trce vly vlg vw circuit concourse alleyway walkway footway laneway highroad pathway roadway "
    "ridgeway wynd brae");
#endif
// Before the name: `Via Garibaldi 7`, `12 rue de Rivoli`, `ul. Marszałkowska 1`.
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(name_follows,
                 "via viale piazza piazzale corso largo vicolo strada contrada borgo localita "
                 "calle avenida avda plaza pza paseo camino carrera ronda rue avenue boulevard bd "
                 "place chemin allee impasse quai cours square route passage");
#else
CLIENTBOOK_WORDS(
    name_follows,
    " via viale piazza piazzale piazzetta corso largo vicolo strada lungomare lungotevere contrada "
    "salita borgo galleria vico localita frazione stretto canale rotonda incrocio calata traversa "
    "calle avenida avda avd plaza pza plza paseo camino carrera ronda travesia carretera glorieta "
    "rambla callejon cuesta urbanizacion pasaje acceso alameda canada via vial pasadizo torrent "
    "rua travessa praca praceta alameda estrada beco rodovia av largo quinta ladeira viela avenida "
    "rue avenue boulevard bd bld place chemin allee impasse quai cours square route passage "
    "faubourg sentier venelle esplanade villa hameau voie ruelle "
    "diagonal transversal calzada circuito privada prolongacion cerrada andador ampliacion blv "
    "boulevar pje pasaje vereda autopista vila jardim parque condominio conjunto loteamento setor "
    "quadra recanto estacao rondas bulevar costanilla "
    "ul ulica al aleja aleje plac pl os osiedle rynek "
    "odos leoforos улица ул проспект пер οδος λεωφορος cad cadde caddesi sokak sok ulice "
    "carrer passeig bulevardul str calea soseaua aleea drumul intrarea splaiul piata montee");
#endif
// After the name, one word or its end: `Hauptstraße 5`, `Keizersgracht 123`.
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(name_endings,
                 "strasse str gasse allee platz weg damm ufer steig chaussee ring promenade graben "
                 "markt berg hof");
#else
CLIENTBOOK_WORDS(
    name_endings,
    " strasse str straat laan gracht plein kade dijk singel steeg dreef gasse allee platz weg damm "
    "ufer steig chaussee vej gade alle gata gatan vagen vegen veien plads torv katu tie kuja ring "
    "promenade graben markt berg hof utca ut ter lei polku boulevard bulevardi stig stigen");
#endif
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(name_endings_glued,
                 "strasse str gasse allee platz weg damm ufer steig chaussee hof");
#else
CLIENTBOOK_WORDS(
    name_endings_glued,
    " strasse str straat laan gracht plein kade dijk singel steeg dreef gasse allee platz weg damm "
    "ufer steig chaussee vej gade gata gatan vagen vegen veien torv katu kuja stigen stubben polku "
    "bulevardi boulevard hof gatan grand backen torget");
#endif
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(particles,
                 "de la le les du des d l et sur saint sainte st ste del della dello dei degli "
                 "delle di da san santa santo y los las el von der den dem zum zur am an im");
#else
CLIENTBOOK_WORDS(
    particles,
    " de la le les du des d l et sur saint sainte st ste del della dello dei degli delle di da do "
    "dos das san santa santo sant y los las el von der den dem zum zur van het ten ter op aan im "
    "am an e i nad pod ve v in al");
#endif
#ifndef CLIENTBOOK_FIRMWARE
// Written small behind a name: `Barjanska cesta 3`, `Birger Kaipiaisen kuja 27`.
CLIENTBOOK_WORDS(small_types, "utca ut ter katu kuja tie polku ulica cesta trg vej gade namesti");
#endif
// `Am Markt`, before the name.
CLIENTBOOK_WORDS(places, "am im an auf zum zur in unter hinter");
CLIENTBOOK_WORDS(compass, "n s e w ne nw se sw north south east west");
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(unit_words,
                 "apt apartment unit suite ste floor fl flat room interno int scala piano piso "
                 "puerta etage wohnung box");
#else
CLIENTBOOK_WORDS(
    unit_words,
    " apt apartment unit suite ste floor fl flat room rm interno int scala piano piso puerta appt "
    "appartement appartamento etage wohnung whg bus app studio level lot floor house block bloque "
    "dpto depto dto departamento torre edif edificio interior local oficina bodega bl sc ap "
    "planta esc escalera portal lok lokal apto andar loja sala bte boite batiment bat escalier "
    "porte top stiege tuer tower building bldg penthouse trlr basement palazzo pal scal lgh box");
#endif
#ifndef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(
    us_states,
    " al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm "
    "ny "
    "nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr vi gu as mp fm mh pw aa ae ap "
    "nsw vic qld sa tas act nt");
#endif

#ifndef CLIENTBOOK_FIRMWARE
// Before a house number or a post box.
CLIENTBOOK_WORDS(numbered_words,
                 "num numero civico box postale postal correos postfach postbus postboks");
#endif

}  // namespace clientbook::scanner

#endif
