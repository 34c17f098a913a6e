/**
 * Headings as points of sale write them, the likeliest first: English, then German, French, Spanish, Italian,
 * Portuguese, Dutch, Polish and Ukrainian. Letters and figures only; accents and capitals do not matter.
 */
const headings = {
  instant: `
    datetime timestamp soldat occurredat createdat completedat transactiondatetime transactiondate
    saledate orderdate paymentdate receiptdate dateandtime datetimeutc purchasedate datumuhrzeit
    datumunduhrzeit datumzeit zeitpunkt zeitstempel dateheure dateetheure fechahora fechayhora
    dataora dataeora datahora dataehora datumtijd datumentijd datagodzina dataigodzina датачас
    датаічас
  `,
  date: `
    date day datum belegdatum verkaufsdatum buchungsdatum rechnungsdatum tag jour fecha dia data
    giorno dag дата день
  `,
  time: `
    time timeofday hour uhrzeit zeit heure hora ora tijd godzina czas час
  `,
  amount: `
    amount total totalamount money grosssales grossamount totalcollected totalmoney totalprice
    ordertotal nettotal sum price paid betrag gesamtbetrag bruttobetrag endbetrag gesamtsumme summe
    gesamt gesamtpreis umsatz preis montant montanttotal montantttc totalttc prix importe
    importetotal monto precio importo totale prezzo valor valortotal preco bedrag totaalbedrag
    totaal prijs kwota suma cena сума вартість ціна
  `,
  customer: `
    customerid customerreference customerreferenceid loyaltyid loyaltycard memberid member cardid
    cardnumber card customer client clientid buyer kundennummer kundennr kundenid kundenkarte
    kartennummer kartennr kunde karte numeroclient carteclient cartefidelite carte numerocliente
    cliente tarjeta tessera carta cartao klantnummer klantenkaart klant kaart numerklienta klient
    karta номерклієнта клієнт картка
  `,
  item: `
    item itemname product productname coffeename article description name artikel artikelname
    artikelbezeichnung produkt produktname bezeichnung ware produit libelle producto articulo
    prodotto articolo produto artigo omschrijving towar nazwa товар назва напій
  `,
  saleId: `
    saleid transactionid receiptnumber receiptno receiptid receipt orderid ordernumber paymentid
    invoicenumber billnumber id belegnummer belegnr bonnummer bonnr rechnungsnummer rechnungsnr
    transaktionsnummer vorgangsnummer bestellnummer beleg bon numeroticket ticket numerofacture
    numerorecibo recibo numeroscontrino scontrino numerparagonu paragon номерчека чек
  `,
  refundOf: `
    refundof originalsaleid originalsale originaltransactionid originalreceipt stornovon
    erstattungvon originalbeleg
  `,
  status: `
    status state paymentstatus financialstatus salestatus zahlungsstatus statut etat estado stato
    статус
  `,
};

/** The heading that most likely says this; null when none does, or two do alike. */
export function guessHeading(header: readonly string[], what: keyof typeof headings): string | null {
  const bare = header.map(bareOf);
  for (const name of headings[what].trim().split(/\s+/).map(bareOf)) {
    const place = bare.indexOf(name);
    if (place !== -1 && bare.lastIndexOf(name) === place) return header[place]!;
  }
  return null;
}

/** `Libellé` is `libelle`, `Total (GBP)` is `total`. */
function bareOf(name: string): string {
  return name
    .replaceAll(/\([^)]*\)|\[[^\]]*\]/g, '')
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
