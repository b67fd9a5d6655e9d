import type { LanguageWords } from './words.ts'

export const english: LanguageWords = {
  first: [
    'Olivia',
    'Noah',
    'Amelia',
    'Liam',
    'Priya',
    'Marcus',
    'Grace',
    'Owen',
    'Fatima',
    'Daniel',
    'Chloe',
    'Ibrahim',
  ],
  last: ["O'Neill", 'Carter', 'Nguyen', 'Patel', 'Walker', 'Osei', 'Hughes', 'Kowalski', 'Fraser', 'Brooks', 'Moreau'],
  hello: (name) => `Hi ${name},`,
  greeting: 'Hello,',
  bye: 'Best regards',
  thanks: ['Thank you, that solved it! 🎉', 'Perfect, thanks a lot 🙏', 'Great service, thank you.'],
  topics: {
    parcel: {
      subjects: [
        'Where is my parcel {order}?',
        'Order {order} still not delivered',
        'Tracking stuck for {days} days 📦',
      ],
      opening: [
        'my order {order} was meant to arrive {days} days ago, but tracking has not moved since {city}. Could you check where it is?',
        'the courier says order {order} was delivered, but nothing is here and the neighbours have not got it either. I need the {product} by Saturday.',
      ],
      answer: [
        'sorry about the delay with {order}. The carrier lost the scan in {city}; the parcel is moving again and should reach you within two working days.',
        'I have opened a search with the carrier for {order}. If the {product} has not turned up by Thursday, we send a new one at no cost.',
      ],
      more: ['Any news on this? Still nothing here.', 'The tracking page now says "exception". What does that mean?'],
      note: 'Carrier search opened. Second parcel lost in {city} this week, tell logistics.',
    },
    refund: {
      subjects: [
        'Refund for {order} not received',
        'Returned {product}, where is my money?',
        'Double charge on order {order}',
      ],
      opening: [
        'I sent the {product} back {days} days ago and got a confirmation, yet the {amount} have not arrived on my account.',
        'My card was charged twice ({amount} each) for order {order}. Please refund one of them.',
      ],
      answer: [
        'the refund of {amount} went out today. Banks usually need three to five working days to show it.',
        'you are right, the second charge of {amount} was a mistake on our side. It has been reversed and you will see it within a few days.',
      ],
      more: ['My bank says nothing is pending. Can you send me a reference number?', 'Okay, I will wait until Friday.'],
      note: 'Refund approved by finance, reference R-{order}. Goodwill voucher is fine if the customer asks again.',
    },
    login: {
      subjects: ["Can't sign in any more", 'Password reset mail never arrives', 'Locked out after update 😕'],
      opening: [
        'since yesterday I cannot sign in. The reset mail does not arrive, I have looked in the spam folder too.',
        'the app says "something went wrong" right after I type the code. I have tried on two phones.',
      ],
      answer: [
        'your account was locked after several failed attempts. It is open again; please set a new password with the link you will get in a minute.',
        'there was a fault with the codes this morning, fixed at 11:40. Could you try once more?',
      ],
      more: ['Still the same message. Screenshot attached.', 'It works on my laptop now, but not on the phone.'],
      note: 'Account {order}: unlocked, mail bounce removed. Same fault as the incident of this morning.',
    },
    invoice: {
      subjects: ['Invoice for {order}', 'Wrong VAT number on invoice', 'Please change billing address'],
      opening: [
        'we need the invoice for order {order} with our company name on it, otherwise accounting will not pay the {amount}.',
        'the VAT number on invoice {order} is wrong. Could you correct it and send it again as a PDF?',
      ],
      answer: [
        'the corrected invoice for {order} is attached.',
        'done: your new billing address will be on all coming invoices.',
      ],
      more: ['One more thing: the order number of our side must be on it, PO-{days}77.', 'Received, thanks.'],
      note: 'Customer is a reseller, payment target 30 days. Corrected in the shop as well.',
    },
    defect: {
      subjects: ['{product} broke after {days} days', 'Strange noise from {product}', 'Warranty for {product}'],
      opening: [
        'the {product} from order {order} stopped working after {days} days. I have attached a photo. What now?',
        'there is a rattling noise when I use the {product}. Is that normal?',
      ],
      answer: [
        'thank you for the photo. That should not happen: we send you a new {product} today, you can keep the old one.',
        'please hold the power button for ten seconds. If the noise stays, we exchange the {product}.',
      ],
      more: ['The reset did not help.', 'How long does the exchange take? I leave on holiday in {days} days 🏔️'],
      note: 'Known fault of batch 7. Exchange without return is approved.',
    },
    booking: {
      subjects: ['Change of dates for booking {order}', 'Two seats apart on {order}', 'Cancel my trip to {city}?'],
      opening: [
        'can I move booking {order} to {city} by {days} days? My mother has to go to hospital.',
        'we booked together, yet our seats for {city} are far apart. Can you put us side by side?',
      ],
      answer: [
        'I have moved your booking {order}; there is no fee. The new ticket is on its way to you.',
        'you now sit together in row 12 🙂',
      ],
      more: ['Does that hold for the return trip as well?', 'And is the hotel moved too?'],
      note: 'Fee waived, hardship. Hotel informed by phone.',
    },
    computer: {
      subjects: [
        'VPN drops every {days} minutes',
        'New laptop for {city} office',
        'Printer on floor 3 offline',
        'Need access to {product}',
      ],
      opening: [
        'my VPN connection drops every {days} minutes since the update. I cannot work from home like this.',
        'a new colleague starts in {city} next week. Please prepare a laptop and access to {product}.',
      ],
      answer: [
        'please install the profile from the portal and restart; that version keeps the connection.',
        'ordered, it will be on the desk on Monday morning.',
      ],
      more: ['Installed, still drops. Log attached.', 'She also needs the finance folder.'],
      note: 'Change request {order} approved by the manager.',
    },
  },
  products: [
    'trail jacket',
    'tent for two',
    'headphones',
    'turntable',
    'hiking boots',
    'speaker set',
    'sleeping bag',
    'CRM',
  ],
  cities: ['Leeds', 'Rotterdam', 'Dublin', 'Lyon', 'Porto', 'Graz'],
}

export const german: LanguageWords = {
  first: ['Anna', 'Jürgen', 'Käthe', 'Lukas', 'Sabine', 'Özlem', 'Björn', 'Friederike', 'Matthias', 'Zoë'],
  last: ['Müller', 'Schäfer', 'Weiß', 'Groß', 'Yılmaz', 'von der Heide', 'Kühn', 'Lindqvist', 'Brückner'],
  hello: (name) => `Hallo ${name},`,
  greeting: 'Guten Tag,',
  bye: 'Mit freundlichen Grüßen',
  thanks: ['Danke, jetzt klappt es! 🎉', 'Super, vielen Dank!', 'Alles erledigt, schönes Wochenende.'],
  topics: {
    parcel: {
      subjects: [
        'Wo bleibt mein Paket {order}?',
        'Bestellung {order} nicht angekommen',
        'Sendung hängt seit {days} Tagen',
      ],
      opening: [
        'meine Bestellung {order} sollte vor {days} Tagen da sein, die Verfolgung steht aber seit {city} still. Können Sie bitte nachsehen?',
        'laut Bote wurde {order} zugestellt, hier ist aber nichts angekommen. Ich brauche das Paket ({product}) bis Samstag.',
      ],
      answer: [
        'die Verzögerung bei {order} tut uns leid. Das Paket ist in {city} liegen geblieben und kommt in zwei Werktagen an.',
        'der Nachforschungsantrag für {order} läuft. Taucht nichts auf, senden wir am Donnerstag kostenlos Ersatz.',
      ],
      more: ['Gibt es etwas Neues?', 'Jetzt steht dort „Zustellhindernis“. Was heißt das?'],
      note: 'Nachforschung gestellt, Frist Donnerstag. Bitte nicht doppelt ersetzen.',
    },
    refund: {
      subjects: ['Erstattung für {order} fehlt', '{product} zurückgeschickt, kein Geld', 'Doppelt abgebucht: {order}'],
      opening: [
        'ich habe die Ware vor {days} Tagen zurückgeschickt, die {amount} sind aber noch nicht auf meinem Konto.',
        'für {order} wurden zweimal {amount} abgebucht. Bitte erstatten Sie einen Betrag.',
      ],
      answer: [
        'die {amount} haben wir heute angewiesen, das dauert drei bis fünf Bankarbeitstage.',
        'Sie haben recht, das war unser Fehler. Die zweite Buchung ist storniert.',
      ],
      more: ['Meine Bank sieht nichts. Haben Sie eine Referenznummer?', 'Gut, ich warte bis Freitag.'],
      note: 'Freigabe Buchhaltung liegt vor, Referenz R-{order}.',
    },
    invoice: {
      subjects: ['Rechnung zu {order}', 'Falsche USt-IdNr. auf der Rechnung', 'Neue Rechnungsadresse'],
      opening: [
        'wir brauchen die Rechnung zu {order} auf den Namen der Firma, sonst zahlt die Buchhaltung die {amount} nicht.',
      ],
      answer: [
        'die berichtigte Rechnung zu {order} liegt bei.',
        'erledigt, die neue Adresse steht ab sofort auf jeder Rechnung.',
      ],
      more: ['Bitte noch unsere Bestellnummer PO-{days}77 ergänzen.'],
      note: 'Händlerkonto, Zahlungsziel 30 Tage.',
    },
    defect: {
      subjects: ['{product} nach {days} Tagen kaputt', 'Gewährleistung: {product}'],
      opening: [
        'nach {days} Tagen geht das Gerät ({product}) aus Bestellung {order} nicht mehr. Ein Foto liegt bei. Wie geht es weiter?',
      ],
      answer: [
        'danke für das Foto. Wir senden heute Ersatz, das alte Stück dürfen Sie behalten.',
        'bitte zehn Sekunden auf den Knopf drücken; bleibt es dabei, tauschen wir um.',
      ],
      more: ['Hat leider nichts gebracht.', 'Wie lange dauert der Umtausch? In {days} Tagen fahren wir in die Berge 🏔️'],
      note: 'Bekannter Fehler der Charge 7, Umtausch ohne Rücksendung.',
    },
    computer: {
      subjects: ['VPN bricht alle {days} Minuten ab', 'Neuer Laptop für {city}', 'Drucker im 3. Stock offline'],
      opening: ['seit dem Update bricht das VPN alle {days} Minuten ab, so kann ich von zu Hause nicht arbeiten.'],
      answer: [
        'bitte das Profil aus dem Portal installieren und neu starten.',
        'bestellt, liegt am Montag auf dem Tisch.',
      ],
      more: ['Installiert, bricht weiter ab. Protokoll liegt bei.'],
      note: 'Antrag {order} ist genehmigt.',
    },
  },
  products: ['Regenjacke', 'Zelt', 'Kopfhörer', 'Plattenspieler', 'Wanderstiefel', 'Schlafsack'],
  cities: ['Köln', 'Görlitz', 'Basel', 'Münster', 'Graz', 'Fürth'],
}

export const french: LanguageWords = {
  first: ['Élodie', 'François', 'Inès', 'Théo', 'Maëlle', 'Youssef'],
  last: ['Lefèvre', 'Garçon', 'Benoît', "d'Aubigné", 'Traoré'],
  hello: (name) => `Bonjour ${name},`,
  greeting: 'Bonjour,',
  bye: 'Cordialement',
  thanks: ['Parfait, merci beaucoup !', 'Bien reçu, merci 😊'],
  topics: {
    parcel: {
      subjects: ['Où est mon colis {order} ?', 'Commande {order} toujours pas livrée'],
      opening: [
        'ma commande {order} devait arriver il y a {days} jours, mais le suivi est bloqué à {city}. Pouvez-vous vérifier ?',
      ],
      answer: [
        'toutes nos excuses pour le retard de {order}. Le colis repart de {city} et arrivera sous deux jours ouvrés.',
      ],
      more: ['Avez-vous des nouvelles ?'],
      note: 'Enquête ouverte auprès du transporteur.',
    },
    refund: {
      subjects: ['Remboursement de {order}', 'Débité deux fois pour {order}'],
      opening: [
        "j'ai renvoyé l'article ({product}) il y a {days} jours et les {amount} ne sont toujours pas sur mon compte.",
      ],
      answer: ["le remboursement de {amount} est parti aujourd'hui ; comptez trois à cinq jours."],
      more: ['Ma banque ne voit rien. Une référence, s’il vous plaît ?'],
      note: 'Accord de la comptabilité.',
    },
    booking: {
      subjects: ['Changer les dates de {order}', 'Annuler mon voyage à {city} ?'],
      opening: ['est-il possible de décaler la réservation {order} pour {city} de {days} jours ?'],
      answer: ['votre réservation {order} est décalée, sans frais.'],
      more: ['Et pour le retour ?'],
      note: 'Frais offerts.',
    },
  },
  products: ['veste', 'tente', 'casque audio', 'platine'],
  cities: ['Orléans', 'Nîmes', 'Genève', 'Liège'],
}
