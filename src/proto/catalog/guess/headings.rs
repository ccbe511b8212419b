//! The headings that people write, by what stands below them.

use crate::proto::catalog::columns::Field;

/// The surest first, folded: no case, no accents, no signs. German, Spanish, French, Italian,
/// Polish, Portuguese, Dutch and some more follow the English.
#[rustfmt::skip]
pub(super) const HEADINGS: [(Field, &[&str]); 11] = [
    (Field::Sku, &[
        "sku", "article number", "item number", "product code", "item code", "part number",
        "plu", "artikelnummer", "artikel nr", "artikelnr", "art nr", "referencia", "codigo",
        "reference", "ref", "code article", "codice", "codice articolo", "indeks", "kod",
        "kod produktu", "symbol", "artikelcode", "varenummer", "cislo", "артикул", "kodu",
        "cikkszam", "code", "id",
    ]),
    (Field::Barcodes, &[
        "barcode", "barcodes", "ean", "ean13", "gtin", "upc", "isbn", "ean code", "ean upc",
        "strichcode", "codigo de barras", "code barres", "code barre", "codice a barre",
        "kod kreskowy", "streepjescode", "streckkod", "stregkode", "штрихкод", "barkod",
        "vonalkod",
    ]),
    (Field::Price, &[
        "price", "selling price", "sales price", "retail price", "unit price", "gross price",
        "list price", "rrp", "price gross", "verkaufspreis", "vk brutto", "vk preis", "vk",
        "bruttopreis", "preis", "einzelpreis", "stuckpreis", "precio", "pvp", "precio de venta",
        "prix", "prix ttc", "prix de vente", "pv ttc", "prezzo", "prezzo di vendita", "cena",
        "cena brutto", "cena sprzedazy", "preco", "preco de venda", "prijs", "verkoopprijs",
        "pris", "hinta", "ar", "ціна", "цена", "fiyat", "pret", "τιμη",
    ]),
    (Field::Name, &[
        "name", "product name", "item name", "title", "product", "item", "artikelname",
        "artikelbezeichnung", "bezeichnung", "produktname", "produkt", "artikel", "nombre",
        "producto", "nombre del producto", "articulo", "denominacion", "nom", "produit",
        "nom du produit", "designation", "libelle", "article", "nome", "prodotto",
        "nome prodotto", "articolo", "denominazione", "nazwa", "nazwa produktu", "towar",
        "produto", "nome do produto", "artigo", "naam", "productnaam", "varenavn", "navn",
        "namn", "nazev", "nazov", "назва", "товар", "название", "наименование", "urun",
        "denumire", "megnevezes", "nimi", "tuote", "ονομα",
    ]),
    (Field::Variant, &[
        "variant", "variation", "option", "size", "variante", "ausfuhrung", "große", "grosse",
        "talla", "taille", "taglia", "wariant", "rozmiar", "tamanho", "maat",
    ]),
    (Field::Category, &[
        "category", "categories", "department", "product group", "product type", "type",
        "kategorie", "warengruppe", "produktgruppe", "abteilung", "categoria", "familia",
        "categorie", "rayon", "famille", "reparto", "kategoria", "grupa", "groep", "kategori",
        "категорія", "категория",
    ]),
    (Field::Group, &[
        "group", "parent", "gruppe", "grupo", "groupe", "gruppo",
    ]),
    (Field::Description, &[
        "description", "details", "text", "beschreibung", "produktbeschreibung", "langtext",
        "descripcion", "descrizione", "opis", "descricao", "omschrijving", "beskrivelse",
        "beskrivning", "опис", "описание", "aciklama",
    ]),
    (Field::Currency, &[
        "currency", "wahrung", "moneda", "devise", "monnaie", "valuta", "waluta", "moeda",
        "mena", "валюта",
    ]),
    (Field::Picture, &[
        "picture", "image", "image url", "photo", "image src", "bild", "bilddatei", "foto",
        "imagen", "immagine", "zdjecie", "obraz", "imagem", "afbeelding", "фото",
    ]),
    (Field::Visibility, &[
        "visibility", "visible", "published", "active", "status", "sichtbar", "aktiv", "activo",
        "visible en tienda", "actif", "attivo", "aktywny", "ativo", "actief",
    ]),
];

/// Words in a price heading that make it another price than the customer's.
#[rustfmt::skip]
pub(super) const OTHER_PRICES: &[&str] = &[
    "cost", "purchase", "wholesale", "compare", "old", "einkauf", "einkaufspreis", "ek", "alt",
    "coste", "compra", "achat", "acquisto", "zakupu", "custo", "inkoop", "inkoopprijs", "net",
    "netto", "ht", "excl", "ex", "ohne", "hors",
];
