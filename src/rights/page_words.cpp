// Five languages, in the order of `language`. The sentences are for somebody who has never read
// such a page: no term of the law, no term of the program.
#include "page_words.hpp"

#include <algorithm>
#include <cstddef>

namespace clientbook::rights {
namespace {

constexpr std::array<page_words, 5> all_words = {{
    {.tag = "en",
     .title = "How far has your information gone?",
     .made_by = "From",
     .made_on = "As of",
     .kinds_held = "Kinds of information held",
     .recipients = "Recipients outside",
     .passed_on = "Times passed on",
     .looks = "Times opened here",
     .where_it_went = "Where it went",
     .map = "A picture of who got your information; the table below says the same.",
     .nowhere = "Nothing about you has left us.",
     .restored_on = "On ",
     .restored_from = "our records were restored from a copy of ",
     .restored_gap = "What was passed on or looked at between these two days is not listed here.",
     .pruned = "Entries about you that were deleted at the end of their time, the oldest ones:",
     .pruned_since =
         "What they said, and to whom your information went then, nobody can tell any more.",
     .recipient = "Who got it",
     .what_for = "What for",
     .what = "What",
     .when = "When",
     .how_often = "How often",
     .refused = "Asked for and refused:",
     .never_got = "Did not get out:",
     .onward = "Passing it on",
     .onward_rules = {"nothing was agreed", "they may not", "only to those the contract names"},
     .by_way_of = "By way of",
     .also_by_way_of = "From us, and by way of",
     .reported = "They say they passed it on to:",
     .no_other_report = "Of the others we have no report of what they passed on. You can ask them.",
     .no_report = "We have no report of what they passed on. You can ask them.",
     .own_copies = "You (your own copy)",
     .another_customer = "Another customer (by mistake)",
     .not_in_evidence = "The evidence is about your own record. Entries above that are of a record "
                        "which was joined with it, "
                        "or of another customer’s who was taken for you, have evidence of their "
                        "own, which you can ask for:",
     .day_by_day = "Day by day",
     .hold_placed = "Erasing was suspended: a dispute or an inquiry needs your information",
     .hold_lifted = "Erasing was allowed again",
     .told_to_delete = "Told that they may keep it no longer:",
     .who_looked = "Who looked at it here",
     .no_names = "You see what they were and why they looked. Names of staff are not given unless "
                 "you need them for your rights.",
     .nobody_looked = "Nobody has.",
     .who = "Who",
     .people = "people",
     .somebody = "somebody here",
     .looked_up = "to find your record",
     .nothing_opened = "gone through, nothing of yours was opened",
     .passed_on_above = "gone through to pass it on: see where it went",
     .held = "What we hold, and why",
     .nothing_held = "Nothing.",
     .data = "Information",
     .since = "Since",
     .from = "From",
     .from_shop = "noted in the shop",
     .from_file = "from a file that the shop took in (till, web shop, list)",
     .from_nobody_knows = "not written down",
     .until = "Until",
     .no_last_day = "no fixed day: while a reason beside it lasts",
     .as_long_as =
         "Each is kept as long as one of the reasons beside it lasts, then it is removed.",
     .on_hold = "Each is kept as long as one of the reasons beside it lasts. While erasing is "
                "suspended (see day by day) nothing is removed.",
     .purpose_unknown = "kept before reasons were noted down",
     .purchases = "Purchases",
     .notes = "Notes about you",
     .others_left_out =
         "People of your household are left out of notes and other texts. <KNOWN_VALUE> stands in "
         "their place.",
     .concluded = "What was concluded about you",
     .no_conclusions = "This book stores no scores and no conclusions that a program drew. What "
                       "somebody wrote down stands under the notes.",
     .agreed = "What you said",
     .nothing_said = "You have agreed to nothing and refused nothing.",
     .everything = "everything",
     .only_noted = "noted by the shop; it counts once you or a second person have confirmed it",
     .take_back = "You can take back what you agreed to at any time, as easily as you gave it:",
     .your_rights = "What you can ask for",
     .rights = "You can have mistakes corrected, have your information erased or used less, object "
               "to a use, take it with you to somebody else, and complain to the data protection "
               "authority.",
     .contact = "Write to:",
     .ask_the_shop = "ask in the shop",
     .check = "Check it yourself",
     .check_text =
         "The lists of recipients and of days above come from a signed list that nobody can change "
         "unseen. The text below proves what stands in that list about you: save this page and "
         "give it to a checker, which shows each entry with day, recipient, reason and fields. "
         "Compare them with what stands above. Whoever has the key of the list from another source "
         "can be sure that nothing in it was changed and nothing in between is missing.",
     .evidence = "Show the evidence",
     .yes = "yes",
     .no = "no",
     .here = "here",
     .times = "times",
     .months = {"January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December"}},
    {.tag = "de",
     .title = "Wie weit sind Ihre Daten gegangen?",
     .made_by = "Von",
     .made_on = "Stand",
     .kinds_held = "Arten von Angaben gespeichert",
     .recipients = "Empfänger außerhalb",
     .passed_on = "Mal weitergegeben",
     .looks = "Mal hier geöffnet",
     .where_it_went = "Wohin sie gegangen sind",
     .map = "Ein Bild davon, wer Ihre Daten bekam; die Tabelle darunter sagt dasselbe.",
     .nowhere = "Nichts über Sie hat unser Haus verlassen.",
     .restored_on = "Am ",
     .restored_from = "wurden unsere Aufzeichnungen aus einer Sicherung wiederhergestellt, vom ",
     .restored_gap =
         "Was zwischen diesen beiden Tagen weitergegeben oder angesehen wurde, steht hier nicht.",
     .pruned = "Einträge über Sie, die am Ende ihrer Zeit gelöscht wurden, die ältesten:",
     .pruned_since =
         "Was darin stand und an wen Ihre Angaben damals gingen, kann niemand mehr sagen.",
     .recipient = "Wer sie bekam",
     .what_for = "Wofür",
     .what = "Was",
     .when = "Wann",
     .how_often = "Wie oft",
     .refused = "Verlangt und verweigert:",
     .never_got = "Nicht hinausgegangen:",
     .onward = "Weitergeben",
     .onward_rules = {"nichts ist vereinbart", "ist ihnen verboten",
                      "nur an die, die der Vertrag nennt"},
     .by_way_of = "Über",
     .also_by_way_of = "Von uns, und über",
     .reported = "Sie berichten, sie gaben es weiter an:",
     .no_other_report =
         "Von den anderen haben wir keinen Bericht, was sie weitergaben. Sie können sie fragen.",
     .no_report = "Wir haben keinen Bericht, was sie weitergaben. Sie können sie fragen.",
     .own_copies = "Sie (Ihre eigene Kopie)",
     .another_customer = "Ein anderer Kunde (aus Versehen)",
     .not_in_evidence = "Der Nachweis gilt Ihrem eigenen Datensatz. Einträge oben, die zu einem "
                        "damit verbundenen Datensatz gehören "
                        "oder zu einem anderen Kunden, der für Sie gehalten wurde, haben einen "
                        "eigenen Nachweis, um den Sie bitten können:",
     .day_by_day = "Tag für Tag",
     .hold_placed =
         "Das Löschen wurde ausgesetzt: ein Streit oder eine Untersuchung braucht Ihre Daten",
     .hold_lifted = "Das Löschen wurde wieder erlaubt",
     .told_to_delete = "Unterrichtet, dass sie es nicht länger behalten dürfen:",
     .who_looked = "Wer sie hier angesehen hat",
     .no_names = "Sie sehen, in welcher Rolle und wozu. Namen von Mitarbeitenden werden nicht "
                 "genannt, außer Sie brauchen sie für Ihre Rechte.",
     .nobody_looked = "Niemand.",
     .who = "Wer",
     .people = "Personen",
     .somebody = "jemand hier",
     .looked_up = "um Sie zu finden",
     .nothing_opened = "durchgesehen, nichts von Ihnen wurde geöffnet",
     .passed_on_above = "durchgesehen, um es weiterzugeben: siehe, wohin es ging",
     .held = "Was wir gespeichert haben, und warum",
     .nothing_held = "Nichts.",
     .data = "Angabe",
     .since = "Seit",
     .from = "Woher",
     .from_shop = "im Geschäft notiert",
     .from_file = "aus einer Datei, die das Geschäft übernommen hat (Kasse, Webshop, Liste)",
     .from_nobody_knows = "nicht vermerkt",
     .until = "Bis",
     .no_last_day = "kein fester Tag: solange ein Grund daneben besteht",
     .as_long_as = "Jede bleibt, solange einer der Gründe daneben besteht, und wird dann entfernt.",
     .on_hold = "Jede bleibt, solange einer der Gründe daneben besteht. Solange das Löschen "
                "ausgesetzt ist (siehe Tag für Tag), wird nichts entfernt.",
     .purpose_unknown = "gespeichert, bevor Gründe festgehalten wurden",
     .purchases = "Einkäufe",
     .notes = "Notizen über Sie",
     .others_left_out =
         "Personen Ihres Haushalts sind in Notizen und anderen Texten ausgelassen. An "
         "ihrer Stelle steht <KNOWN_VALUE>.",
     .concluded = "Was über Sie geschlossen wurde",
     .no_conclusions = "Dieses Buch speichert keine Bewertungen und keine Schlüsse, die ein "
                       "Programm gezogen hat. Was jemand aufschrieb, steht unter den Notizen.",
     .agreed = "Was Sie gesagt haben",
     .nothing_said = "Sie haben in nichts eingewilligt und nichts abgelehnt.",
     .everything = "alles",
     .only_noted =
         "vom Geschäft notiert; gilt, sobald Sie oder eine zweite Person es bestätigt haben",
     .take_back =
         "Sie können jederzeit zurücknehmen, worin Sie eingewilligt haben, so einfach, wie "
         "Sie es gaben:",
     .your_rights = "Was Sie verlangen können",
     .rights =
         "Sie können Fehler berichtigen, Ihre Daten löschen oder weniger nutzen lassen, einer "
         "Nutzung widersprechen, sie zu jemand anderem mitnehmen und sich bei der "
         "Datenschutzbehörde beschweren.",
     .contact = "Schreiben Sie an:",
     .ask_the_shop = "fragen Sie im Geschäft",
     .check = "Prüfen Sie es selbst",
     .check_text =
         "Die Empfänger und Tage oben stammen aus einer unterschriebenen Liste, die niemand "
         "unbemerkt ändern kann. Der Text unten beweist, was darin über Sie steht: Speichern Sie "
         "diese Seite und geben Sie sie einem Prüfprogramm. Es zeigt jeden Eintrag mit Tag, "
         "Empfänger, Grund und Angaben; vergleichen Sie das mit dem, was oben steht. Wer den "
         "Schlüssel der Liste aus anderer Quelle hat, kann sicher sein, dass darin nichts geändert "
         "wurde und dazwischen nichts fehlt.",
     .evidence = "Den Beweis zeigen",
     .yes = "ja",
     .no = "nein",
     .here = "hier",
     .times = "Mal",
     .months = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
                "Oktober", "November", "Dezember"}},
    {.tag = "fr",
     .title = "Jusqu’où sont allées vos données ?",
     .made_by = "De",
     .made_on = "Au",
     .kinds_held = "Sortes d’informations conservées",
     .recipients = "Destinataires extérieurs",
     .passed_on = "Transmissions",
     .looks = "Consultations ici",
     .where_it_went = "Où elles sont allées",
     .map = "Une image de qui a reçu vos données ; le tableau dit la même chose.",
     .nowhere = "Rien à votre sujet ne nous a quittés.",
     .restored_on = "Le ",
     .restored_from = "nos enregistrements ont été rétablis à partir d’une copie du ",
     .restored_gap = "Ce qui a été transmis ou consulté entre ces deux jours ne figure pas ici.",
     .pruned = "Inscriptions à votre sujet supprimées au terme de leur durée, les plus anciennes :",
     .pruned_since = "Ce qu’elles disaient, et à qui vos données ont alors été transmises, "
                     "personne ne peut plus le dire.",
     .recipient = "Qui les a reçues",
     .what_for = "Pourquoi",
     .what = "Quoi",
     .when = "Quand",
     .how_often = "Combien de fois",
     .refused = "Demandé et refusé :",
     .never_got = "N’est pas parti :",
     .onward = "Les transmettre à d’autres",
     .onward_rules = {"rien n’a été convenu", "cela leur est interdit",
                      "seulement à ceux que le contrat nomme"},
     .by_way_of = "Par l’intermédiaire de",
     .also_by_way_of = "Par nous, et par l’intermédiaire de",
     .reported = "Ils disent les avoir transmises à :",
     .no_other_report = "Des autres, nous n’avons aucun rapport sur ce qu’ils ont transmis. Vous "
                        "pouvez le leur demander.",
     .no_report = "Nous n’avons aucun rapport sur ce qu’ils ont transmis. Vous pouvez le leur "
                  "demander.",
     .own_copies = "Vous (votre propre copie)",
     .another_customer = "Un autre client (par erreur)",
     .not_in_evidence = "La preuve porte sur votre propre fiche. Les entrées ci-dessus d’une fiche "
                        "qui y a été jointe, ou d’un autre "
                        "client pris pour vous, ont leur propre preuve, que vous pouvez demander :",
     .day_by_day = "Jour par jour",
     .hold_placed =
         "L’effacement a été suspendu : un litige ou une enquête a besoin de vos données",
     .hold_lifted = "L’effacement a de nouveau été permis",
     .told_to_delete = "Informé qu’il ne peut plus les garder :",
     .who_looked = "Qui les a consultées ici",
     .no_names =
         "Vous voyez leur rôle et la raison. Les noms du personnel ne sont pas donnés, sauf "
         "si vous en avez besoin pour vos droits.",
     .nobody_looked = "Personne.",
     .who = "Qui",
     .people = "personnes",
     .somebody = "quelqu’un ici",
     .looked_up = "pour trouver votre fiche",
     .nothing_opened = "parcouru, rien de vous n’a été ouvert",
     .passed_on_above = "parcouru pour être transmis : voir où c’est allé",
     .held = "Ce que nous conservons, et pourquoi",
     .nothing_held = "Rien.",
     .data = "Information",
     .since = "Depuis",
     .from = "Origine",
     .from_shop = "noté au magasin",
     .from_file = "d’un fichier repris par le magasin (caisse, boutique en ligne, liste)",
     .from_nobody_knows = "non consigné",
     .until = "Jusqu’au",
     .no_last_day = "pas de date fixe : tant que dure une raison à côté",
     .as_long_as = "Chacune est gardée tant que dure l’une des raisons à côté, puis retirée.",
     .on_hold = "Chacune est gardée tant que dure l’une des raisons à côté. Tant que l’effacement "
                "est suspendu (voir jour par jour), rien n’est retiré.",
     .purpose_unknown = "conservé avant que les raisons soient notées",
     .purchases = "Achats",
     .notes = "Notes à votre sujet",
     .others_left_out =
         "Les personnes de votre foyer sont omises des notes et des autres textes. <KNOWN_VALUE> "
         "tient leur place.",
     .concluded = "Ce qui a été conclu à votre sujet",
     .no_conclusions = "Ce livre ne conserve ni notation ni conclusion tirée par un programme. Ce "
                       "que quelqu’un a écrit figure dans les notes.",
     .agreed = "Ce que vous avez dit",
     .nothing_said = "Vous n’avez rien accepté et rien refusé.",
     .everything = "tout",
     .only_noted =
         "noté par la boutique ; vaut une fois confirmé par vous ou par une deuxième personne",
     .take_back =
         "Vous pouvez revenir à tout moment sur ce que vous avez accepté, aussi simplement "
         "que vous l’avez donné :",
     .your_rights = "Ce que vous pouvez demander",
     .rights = "Vous pouvez faire corriger des erreurs, effacer vos données ou en limiter l’usage, "
               "vous opposer à un usage, les emporter chez un autre et saisir l’autorité de "
               "protection des données.",
     .contact = "Écrivez à :",
     .ask_the_shop = "demandez au magasin",
     .check = "Vérifiez vous-même",
     .check_text =
         "Les destinataires et les jours ci-dessus viennent d’une liste signée que personne ne "
         "peut changer sans que cela se voie. Le texte ci-dessous prouve ce qu’elle dit de vous : "
         "enregistrez cette page et donnez-la à un vérificateur. Il montre chaque ligne avec le "
         "jour, le destinataire, la raison et les informations ; comparez-les avec ce qui figure "
         "ci-dessus. Qui tient la clé de la liste d’une autre source peut être sûr que rien n’y a "
         "été changé et que rien ne manque entre deux.",
     .evidence = "Montrer la preuve",
     .yes = "oui",
     .no = "non",
     .here = "ici",
     .times = "fois",
     .months = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                "septembre", "octobre", "novembre", "décembre"}},
    {.tag = "es",
     .title = "¿Hasta dónde han llegado sus datos?",
     .made_by = "De",
     .made_on = "A fecha de",
     .kinds_held = "Tipos de información guardados",
     .recipients = "Destinatarios externos",
     .passed_on = "Comunicaciones",
     .looks = "Consultas aquí",
     .where_it_went = "Adónde fueron",
     .map = "Una imagen de quién recibió sus datos; la tabla dice lo mismo.",
     .nowhere = "Nada sobre usted ha salido de aquí.",
     .restored_on = "El ",
     .restored_from = "nuestros registros se restauraron de una copia del ",
     .restored_gap = "Lo que se transmitió o se consultó entre esos dos días no figura aquí.",
     .pruned = "Anotaciones sobre usted borradas al final de su plazo, las más antiguas:",
     .pruned_since =
         "Lo que decían, y a quién se pasaron entonces sus datos, ya nadie puede decirlo.",
     .recipient = "Quién los recibió",
     .what_for = "Para qué",
     .what = "Qué",
     .when = "Cuándo",
     .how_often = "Cuántas veces",
     .refused = "Pedido y negado:",
     .never_got = "No llegó a salir:",
     .onward = "Pasarlos a otros",
     .onward_rules = {"no se acordó nada", "lo tienen prohibido",
                      "solo a quienes nombra el contrato"},
     .by_way_of = "A través de",
     .also_by_way_of = "De nosotros, y a través de",
     .reported = "Dicen que los pasaron a:",
     .no_other_report =
         "De los demás no tenemos informe de lo que pasaron a otros. Puede preguntarles.",
     .no_report = "No tenemos informe de lo que pasaron a otros. Puede preguntarles.",
     .own_copies = "Usted (su propia copia)",
     .another_customer = "Otro cliente (por error)",
     .not_in_evidence =
         "La prueba se refiere a su propia ficha. Las entradas anteriores de una ficha que se unió "
         "a ella, o de otro "
         "cliente a quien se tomó por usted, tienen su propia prueba, que puede pedir:",
     .day_by_day = "Día a día",
     .hold_placed = "El borrado se suspendió: un litigio o una investigación necesita sus datos",
     .hold_lifted = "El borrado se volvió a permitir",
     .told_to_delete = "Informado de que ya no puede conservarlos:",
     .who_looked = "Quién los consultó aquí",
     .no_names = "Usted ve su función y el motivo. No se dan nombres del personal, salvo que los "
                 "necesite para sus derechos.",
     .nobody_looked = "Nadie.",
     .who = "Quién",
     .people = "personas",
     .somebody = "alguien de aquí",
     .looked_up = "para encontrar su ficha",
     .nothing_opened = "revisado, no se abrió nada suyo",
     .passed_on_above = "revisado para comunicarlo: véase adónde fue",
     .held = "Qué guardamos y por qué",
     .nothing_held = "Nada.",
     .data = "Información",
     .since = "Desde",
     .from = "Origen",
     .from_shop = "anotado en la tienda",
     .from_file = "de un archivo que la tienda incorporó (caja, tienda en línea, lista)",
     .from_nobody_knows = "no consta",
     .until = "Hasta",
     .no_last_day = "sin fecha fija: mientras dure un motivo de al lado",
     .as_long_as = "Cada dato se guarda mientras dure uno de los motivos de al lado; después se "
                   "retira.",
     .on_hold = "Cada dato se guarda mientras dure uno de los motivos de al lado. Mientras el "
                "borrado esté suspendido (véase día a día) no se retira nada.",
     .purpose_unknown = "guardado antes de que se anotaran los motivos",
     .purchases = "Compras",
     .notes = "Notas sobre usted",
     .others_left_out =
         "Las personas de su hogar se omiten en las notas y en otros textos. En su lugar figura "
         "<KNOWN_VALUE>.",
     .concluded = "Qué se ha concluido sobre usted",
     .no_conclusions = "Este libro no guarda puntuaciones ni conclusiones sacadas por un programa. "
                       "Lo que alguien escribió está en las notas.",
     .agreed = "Lo que usted dijo",
     .nothing_said = "No ha aceptado ni rechazado nada.",
     .everything = "todo",
     .only_noted =
         "anotado por la tienda; vale cuando usted o una segunda persona lo hayan confirmado",
     .take_back =
         "Puede retirar en cualquier momento lo que aceptó, con la misma facilidad con que "
         "lo dio:",
     .your_rights = "Qué puede pedir",
     .rights = "Puede pedir que se corrijan errores, que se borren sus datos o se usen menos, "
               "oponerse a un uso, llevárselos a otro sitio y reclamar ante la autoridad de "
               "protección de datos.",
     .contact = "Escriba a:",
     .ask_the_shop = "pregunte en la tienda",
     .check = "Compruébelo usted",
     .check_text = "Los destinatarios y los días de arriba salen de una lista firmada que nadie "
                   "puede cambiar sin que se note. El texto de abajo prueba lo que esa lista dice "
                   "de usted: guarde esta página y désela a un comprobador. Muestra cada entrada "
                   "con el día, el destinatario, el motivo y los datos; compárelos con lo que "
                   "figura arriba. Quien tenga la clave de la lista de otra fuente puede estar "
                   "seguro de que en ella nada se cambió y nada falta en medio.",
     .evidence = "Mostrar la prueba",
     .yes = "sí",
     .no = "no",
     .here = "aquí",
     .times = "veces",
     .months = {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
                "septiembre", "octubre", "noviembre", "diciembre"}},
    {.tag = "it",
     .title = "Fin dove sono arrivati i Suoi dati?",
     .made_by = "Da",
     .made_on = "Al",
     .kinds_held = "Tipi di informazioni conservate",
     .recipients = "Destinatari esterni",
     .passed_on = "Trasmissioni",
     .looks = "Consultazioni qui",
     .where_it_went = "Dove sono andati",
     .map = "Un’immagine di chi ha ricevuto i Suoi dati; la tabella dice lo stesso.",
     .nowhere = "Nulla che La riguardi è uscito da qui.",
     .restored_on = "Il ",
     .restored_from = "i nostri dati sono stati ripristinati da una copia del ",
     .restored_gap =
         "Ciò che è stato trasmesso o consultato tra questi due giorni non è elencato qui.",
     .pruned = "Annotazioni su di Lei cancellate al termine del loro periodo, le più vecchie:",
     .pruned_since =
         "Che cosa dicessero, e a chi fossero andati allora i Suoi dati, nessuno può più dirlo.",
     .recipient = "Chi li ha ricevuti",
     .what_for = "Per che cosa",
     .what = "Che cosa",
     .when = "Quando",
     .how_often = "Quante volte",
     .refused = "Chiesto e rifiutato:",
     .never_got = "Non è uscito:",
     .onward = "Passarli ad altri",
     .onward_rules = {"nulla è stato convenuto", "è loro vietato",
                      "solo a chi è nominato nel contratto"},
     .by_way_of = "Tramite",
     .also_by_way_of = "Da noi, e tramite",
     .reported = "Dicono di averli passati a:",
     .no_other_report = "Degli altri non abbiamo notizia di che cosa abbiano passato ad altri. Può "
                        "chiederlo a loro.",
     .no_report = "Non abbiamo notizia di che cosa abbiano passato ad altri. Può chiederlo a loro.",
     .own_copies = "Lei (la Sua copia)",
     .another_customer = "Un altro cliente (per errore)",
     .not_in_evidence = "La prova riguarda la Sua scheda. Le voci sopra di una scheda che vi è "
                        "stata unita, o di un altro cliente "
                        "scambiato per Lei, hanno una prova propria, che può chiedere:",
     .day_by_day = "Giorno per giorno",
     .hold_placed =
         "La cancellazione è stata sospesa: una lite o un’indagine ha bisogno dei Suoi dati",
     .hold_lifted = "La cancellazione è stata di nuovo permessa",
     .told_to_delete = "Informato che non può più conservarli:",
     .who_looked = "Chi li ha consultati qui",
     .no_names = "Vede il ruolo e il motivo. I nomi del personale non sono dati, salvo che Le "
                 "servano per i Suoi diritti.",
     .nobody_looked = "Nessuno.",
     .who = "Chi",
     .people = "persone",
     .somebody = "qualcuno qui",
     .looked_up = "per trovare la Sua scheda",
     .nothing_opened = "scorso, nulla di Suo è stato aperto",
     .passed_on_above = "scorso per trasmetterlo: vedi dove è andato",
     .held = "Che cosa conserviamo, e perché",
     .nothing_held = "Nulla.",
     .data = "Informazione",
     .since = "Dal",
     .from = "Da dove",
     .from_shop = "annotato in negozio",
     .from_file = "da un file che il negozio ha acquisito (cassa, negozio online, elenco)",
     .from_nobody_knows = "non annotato",
     .until = "Fino al",
     .no_last_day = "nessun giorno fisso: finché dura un motivo accanto",
     .as_long_as = "Ogni dato resta finché dura uno dei motivi accanto, poi viene tolto.",
     .on_hold = "Ogni dato resta finché dura uno dei motivi accanto. Finché la cancellazione è "
                "sospesa (vedi giorno per giorno) nulla viene tolto.",
     .purpose_unknown = "conservato prima che i motivi fossero annotati",
     .purchases = "Acquisti",
     .notes = "Note su di Lei",
     .others_left_out =
         "Le persone del suo nucleo familiare sono omesse dalle note e da altri testi. "
         "Al loro posto sta <KNOWN_VALUE>.",
     .concluded = "Che cosa si è concluso su di Lei",
     .no_conclusions = "Questo libro non conserva punteggi né conclusioni tratte da un programma. "
                       "Ciò che qualcuno ha scritto è nelle note.",
     .agreed = "Che cosa ha detto",
     .nothing_said = "Non ha accettato né rifiutato nulla.",
     .everything = "tutto",
     .only_noted = "annotato dal negozio; vale quando Lei o una seconda persona lo avrà confermato",
     .take_back = "Può ritirare in ogni momento ciò che ha accettato, con la stessa facilità con "
                  "cui l’ha dato:",
     .your_rights = "Che cosa può chiedere",
     .rights =
         "Può far correggere errori, far cancellare i Suoi dati o farli usare meno, opporsi a "
         "un uso, portarli altrove e rivolgersi all’autorità per la protezione dei dati.",
     .contact = "Scriva a:",
     .ask_the_shop = "chieda in negozio",
     .check = "Lo verifichi Lei",
     .check_text = "I destinatari e i giorni qui sopra vengono da un elenco firmato che nessuno "
                   "può cambiare senza che si veda. Il testo qui sotto prova che cosa vi sta "
                   "scritto su di Lei: salvi questa pagina e la dia a un verificatore. Mostra ogni "
                   "voce con giorno, destinatario, motivo e dati; li confronti con ciò che sta qui "
                   "sopra. Chi ha la chiave dell’elenco da un’altra fonte può essere certo che in "
                   "esso nulla è stato cambiato e nulla manca in mezzo.",
     .evidence = "Mostrare la prova",
     .yes = "sì",
     .no = "no",
     .here = "qui",
     .times = "volte",
     .months = {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
                "settembre", "ottobre", "novembre", "dicembre"}},
}};

using five = std::array<std::string_view, 5>;  // By language.

// By number from 1, as ledger_event.
constexpr std::array<five, 25> events = {{
    {"Passed on to", "Weitergegeben an", "Transmis à", "Comunicado a", "Trasmesso a"},
    {"Passed on, with others’, to", "Mit denen anderer weitergegeben an",
     "Transmis, avec ceux d’autres, à", "Comunicado, con los de otros, a",
     "Trasmesso, con quelli di altri, a"},
    {"You agreed to something", "Sie haben in etwas eingewilligt", "Vous avez accepté",
     "Usted aceptó algo", "Ha accettato qualcosa"},
    {"You said no, or took something back", "Sie haben abgelehnt oder zurückgenommen",
     "Vous avez refusé ou retiré", "Usted dijo que no o retiró algo",
     "Ha detto no o ritirato qualcosa"},
    {"Erased", "Gelöscht", "Effacé", "Borrado", "Cancellato"},
    {"Keys were changed", "Schlüssel wurden gewechselt", "Clés changées", "Se cambiaron las claves",
     "Chiavi cambiate"},
    {"Restored from a copy", "Aus einer Kopie wiederhergestellt", "Rétabli d’une copie",
     "Restaurado de una copia", "Ripristinato da una copia"},
    {"Opened in an emergency", "In einem Notfall geöffnet", "Ouvert en urgence",
     "Abierto en una emergencia", "Aperto in emergenza"},
    {"Asked for and refused:", "Verlangt und verweigert:", "Demandé et refusé :",
     "Pedido y negado:", "Chiesto e rifiutato:"},
    {"Taken over from a file", "Aus einer Datei übernommen", "Repris d’un fichier",
     "Tomado de un archivo", "Ripreso da un file"},
    {"The rules changed", "Die Regeln haben sich geändert", "Les règles ont changé",
     "Cambiaron las reglas", "Le regole sono cambiate"},
    {"Corrected", "Berichtigt", "Corrigé", "Corregido", "Corretto"},
    {"A stand-in was turned back into your data", "Ein Ersatzzeichen wurde zurückverwandelt",
     "Un substitut a été retransformé", "Se deshizo un seudónimo",
     "Uno pseudonimo è stato sciolto"},
    {"Did not get out after all:", "Ging doch nicht hinaus:", "N’est finalement pas parti :",
     "No llegó a salir:", "Alla fine non è uscito:"},
    {"Where you live was noted", "Ihr Wohnort wurde festgehalten", "Votre lieu de vie a été noté",
     "Se anotó dónde vive", "È stato annotato dove vive"},
    {"Who looks after you was noted", "Wer Sie betreut, wurde festgehalten",
     "Qui s’occupe de vous a été noté", "Se anotó quién le atiende",
     "È stato annotato chi La segue"},
    {"An alarm was raised", "Ein Alarm wurde ausgelöst", "Une alarme s’est déclenchée",
     "Saltó una alarma", "È scattato un allarme"},
    {"A request of yours was worked on", "An Ihrem Anliegen wurde gearbeitet",
     "Une de vos demandes a été traitée", "Se trabajó en una solicitud suya",
     "Si è lavorato a una Sua richiesta"},
    {"Told of your request:", "Über Ihr Anliegen unterrichtet:", "Informé de votre demande :",
     "Informado de su solicitud:", "Informato della Sua richiesta:"},
    {"Erasing was suspended, or allowed again", "Das Löschen wurde ausgesetzt oder wieder erlaubt",
     "L’effacement a été suspendu, ou de nouveau permis",
     "El borrado se suspendió o se volvió a permitir",
     "La cancellazione è stata sospesa, o di nuovo permessa"},
    {"Passed on further, by who had got it, to:", "Von einem Empfänger weitergegeben an:",
     "Transmis par un destinataire à :", "Pasado por un destinatario a:",
     "Trasmesso da un destinatario a:"},
    {"Two records of you were made one", "Zwei Akten über Sie wurden eine",
     "Deux fiches à votre nom ont été réunies", "Dos fichas suyas se hicieron una",
     "Due Sue schede sono diventate una"},
    {"One record of you was made two again", "Aus einer Akte über Sie wurden wieder zwei",
     "Une fiche à votre nom a été de nouveau séparée en deux", "Una ficha suya volvió a ser dos",
     "Una Sua scheda è tornata a essere due"},
    {"Old entries were deleted", "Alte Einträge wurden gelöscht",
     "D’anciennes inscriptions ont été supprimées", "Se borraron anotaciones antiguas",
     "Sono state cancellate vecchie annotazioni"},
    {"The ledger was sealed", "Das Protokoll wurde versiegelt", "Le registre a été scellé",
     "Se selló el registro", "Il registro è stato sigillato"},
}};
static_assert(events.size() == static_cast<std::size_t>(ledger_event::epoch),
              "each event has its words, and the last one is the last");

// By number from 1, as directive_kind.
constexpr std::array<five, 15> kinds = {{
    {"You agreed", "Sie haben eingewilligt", "Vous avez accepté", "Usted aceptó", "Ha accettato"},
    {"You agreed again", "Sie haben erneut eingewilligt", "Vous avez accepté de nouveau",
     "Usted aceptó de nuevo", "Ha accettato di nuovo"},
    {"You said no", "Sie haben Nein gesagt", "Vous avez dit non", "Usted dijo que no",
     "Ha detto no"},
    {"Not wanted", "Nicht gewünscht", "Non voulu", "No deseado", "Non voluto"},
    {"You took it back", "Sie haben es zurückgenommen", "Vous l’avez retiré", "Usted lo retiró",
     "L’ha ritirato"},
    {"You objected", "Sie haben widersprochen", "Vous vous êtes opposé", "Usted se opuso",
     "Si è opposto"},
    {"Use restricted", "Nutzung eingeschränkt", "Usage limité", "Uso limitado", "Uso limitato"},
    {"A no was lifted", "Ein Nein wurde aufgehoben", "Un refus a été levé",
     "Se levantó una negativa", "Un rifiuto è stato tolto"},
    {"Taken back by us", "Von uns zurückgenommen", "Retiré par nous", "Retirado por nosotros",
     "Ritirato da noi"},
    {"Declared void", "Für ungültig erklärt", "Déclaré nul", "Declarado nulo", "Dichiarato nullo"},
    {"You were asked", "Sie wurden gefragt", "On vous a demandé", "Se le preguntó",
     "Le è stato chiesto"},
    {"Put off", "Aufgeschoben", "Reporté", "Aplazado", "Rimandato"},
    {"We rely on a law or contract", "Wir stützen uns auf Gesetz oder Vertrag",
     "Nous nous fondons sur une loi ou un contrat", "Nos basamos en una ley o contrato",
     "Ci basiamo su una legge o un contratto"},
    {"Where you live was noted", "Ihr Wohnort wurde festgehalten", "Votre lieu de vie a été noté",
     "Se anotó dónde vive", "È stato annotato dove vive"},
    {"We were shown how old you are", "Ihr Alter wurde uns nachgewiesen",
     "Votre âge nous a été prouvé", "Se nos mostró su edad", "Ci è stata mostrata la sua età"},
}};
static_assert(kinds.size() == static_cast<std::size_t>(directive_kind::proof_of_age),
              "each kind has its words, and the last one is the last");

// By number from 1, as employment.
constexpr std::array<five, 2> works = {{
    {"You work for us", "Sie arbeiten bei uns", "Vous travaillez chez nous",
     "Usted trabaja con nosotros", "Lavora da noi"},
    {"You work for us no more", "Sie arbeiten nicht mehr bei uns",
     "Vous ne travaillez plus chez nous", "Ya no trabaja con nosotros", "Non lavora più da noi"},
}};

// By number from field::tasks.
constexpr std::array<five, 6> day_fields = {{
    {"Things to do for you", "Zu erledigen für Sie", "À faire pour vous", "Por hacer para usted",
     "Da fare per Lei"},
    {"When we were in touch", "Wann wir in Kontakt waren", "Quand nous avons été en contact",
     "Cuándo estuvimos en contacto", "Quando siamo stati in contatto"},
    {"Words by which we sort", "Stichwörter", "Mots-clés", "Etiquetas", "Etichette"},
    {"Level in the loyalty programme", "Stufe im Kundenprogramm", "Niveau de fidélité",
     "Nivel de fidelización", "Livello del programma fedeltà"},
    {"Wishes", "Wünsche", "Souhaits", "Deseos", "Desideri"},
    {"How and when to reach you", "Wie und wann Sie erreichbar sind",
     "Comment et quand vous joindre", "Cómo y cuándo contactarle", "Come e quando contattarLa"},
}};

// By number from 1, as actor_role.
constexpr std::array<five, 8> roles = {{
    {"Sales associate", "Verkauf", "Conseil de vente", "Personal de ventas",
     "Addetto alle vendite"},
    {"Manager", "Leitung", "Direction", "Gerencia", "Direzione"},
    {"Privacy officer", "Datenschutz", "Protection des données", "Protección de datos",
     "Protezione dei dati"},
    {"Security officer", "Sicherheit", "Sécurité", "Seguridad", "Sicurezza"},
    {"Auditor", "Prüfung", "Audit", "Auditoría", "Revisione"},
    {"A machine (till, web shop)", "Eine Maschine (Kasse, Webshop)",
     "Une machine (caisse, boutique en ligne)", "Una máquina (caja, tienda web)",
     "Una macchina (cassa, negozio online)"},
    {"Owner", "Inhaber", "Propriétaire", "Propietario", "Titolare"},
    {"Marketing", "Marketing", "Marketing", "Marketing", "Marketing"},
}};

struct worded {
  std::string_view name;
  five words;
};

// Codes that shops use; those of their own stand as they are.
constexpr worded codes[] = {
    {"wedding_anniversary",
     {"wedding anniversary", "Hochzeitstag", "anniversaire de mariage", "aniversario de boda",
      "anniversario di matrimonio"}},
    {"name_day", {"name day", "Namenstag", "fête du prénom", "santo", "onomastico"}},
    {"child_birthday",
     {"a child’s birthday", "Geburtstag eines Kindes", "anniversaire d’un enfant",
      "cumpleaños de un hijo", "compleanno di un figlio"}},
    {"first_visit",
     {"first visit", "erster Besuch", "première visite", "primera visita", "prima visita"}},
    {"spouse", {"spouse", "Ehepartner", "conjoint", "cónyuge", "coniuge"}},
    {"partner", {"partner", "Partner", "partenaire", "pareja", "partner"}},
    {"child", {"child", "Kind", "enfant", "hijo", "figlio"}},
    {"parent", {"parent", "Elternteil", "parent", "progenitor", "genitore"}},
    {"home", {"home", "privat", "domicile", "casa", "casa"}},
    {"work", {"work", "Arbeit", "travail", "trabajo", "lavoro"}},
    {"female", {"female", "weiblich", "féminin", "femenino", "femminile"}},
    {"male", {"male", "männlich", "masculin", "masculino", "maschile"}},
    {"married", {"married", "verheiratet", "marié", "casado", "sposato"}},
    {"single", {"single", "ledig", "célibataire", "soltero", "non sposato"}},
    {"passport", {"passport", "Reisepass", "passeport", "pasaporte", "passaporto"}},
    {"store", {"in the shop", "im Geschäft", "en boutique", "en la tienda", "in negozio"}},
    {"phone", {"phone", "Telefon", "téléphone", "teléfono", "telefono"}},
};

// Numbers and yes or no say nothing alone.
constexpr worded member_names[] = {
    {"children", {"children", "Kinder", "enfants", "hijos", "figli"}},
    {"children_at_home",
     {"children at home", "Kinder im Haus", "enfants au foyer", "hijos en casa", "figli in casa"}},
    {"cars_owned", {"cars", "Autos", "voitures", "coches", "automobili"}},
    {"home_owner",
     {"owns a home", "Wohneigentum", "propriétaire", "vivienda propia", "casa di proprietà"}},
    {"expiry_year",
     {"valid until, year", "gültig bis, Jahr", "valable jusqu’en, année", "válida hasta, año",
      "valida fino a, anno"}},
    {"expiry_month", {"month", "Monat", "mois", "mes", "mese"}},
    {"lead_days", {"days before", "Tage zuvor", "jours avant", "días antes", "giorni prima"}},
};

template <std::size_t Size, class Number>
std::string_view from(const std::array<five, Size>& table, Number number,
                      language speech) noexcept {
  const auto at = static_cast<std::size_t>(number) - 1;
  const auto column = static_cast<std::size_t>(speech);
  return at < Size && column < 5 ? table[at][column] : std::string_view();
}

}  // namespace

const page_words& words_of(language speech) noexcept {
  return all_words[static_cast<std::size_t>(speech) % all_words.size()];
}

std::string day_of(const date& day, const page_words& words) {
  if (day.month < 1 || day.month > 12) return {};
  const bool spanish = words.tag == "es";
  std::string out = std::to_string(day.day);
  if (words.tag == "de") out += '.';
  if (day.day == 1 && words.tag == "fr") out += "er";
  if (day.day == 1 && words.tag == "it") out += "º";
  out += spanish ? " de " : " ";
  out += words.months[static_cast<std::size_t>(day.month) - 1];
  out += spanish ? " de " : " ";
  return out + std::to_string(day.year);
}

std::string_view told(ledger_event event, language speech) noexcept {
  return from(events, event, speech);
}
std::string_view told(directive_kind kind, language speech) noexcept {
  return from(kinds, kind, speech);
}
std::string_view told(employment works_here, language speech) noexcept {
  return from(works, works_here, speech);
}
std::string_view told(actor_role role, language speech) noexcept {
  return from(roles, role, speech);
}
std::string_view told(field_id field, language speech) noexcept {
  if (field < field::tasks) return {};
  return from(day_fields, field.value - field::tasks.value + 1, speech);
}

std::string told_code(std::string_view code, language speech) {
  for (const worded& one : codes) {
    if (one.name == code) return std::string(one.words[static_cast<std::size_t>(speech) % 5]);
  }
  std::string out(code);
  std::ranges::replace(out, '_', ' ');
  return out;
}

std::string_view told_member(std::string_view name, language speech) noexcept {
  for (const worded& one : member_names) {
    if (one.name == name) return one.words[static_cast<std::size_t>(speech) % 5];
  }
  return {};
}

std::string name_of(const field_definition& field, language speech) {
  std::string_view known = told(field.number, speech);
  if (known.empty()) known = label(field.categories.front(), speech);
  return std::string(known.empty() ? field.key : known);
}

}  // namespace clientbook::rights
