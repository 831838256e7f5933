//! What the pages say about a customer, a cart, an order, and how a product comes and is cared for.

use super::cart::FREE_FROM;
use crate::lang::{Lang, Text, price, text};

pub(super) const LOGIN: Text = text("Log in", "Anmelden");
pub(super) const LOGOUT: Text = text("Log out", "Abmelden");
pub(super) const HELLO: Text = text("Hello", "Hallo");
pub(super) const LOGIN_TITLE: Text = text("Your account", "Dein Konto");
pub(super) const LOGIN_TEXT: Text = text(
    "A name is enough: this shop for demonstrations knows no passwords and keeps the name in a cookie.",
    "Ein Name genügt: Dieser Laden dient der Vorführung, kennt keine Passwörter und merkt sich den Namen in einem Cookie.",
);
pub(super) const LOGGED_IN: Text = text(
    "You are logged in. Orders and lists would stand here.",
    "Du bist angemeldet. Hier stünden Bestellungen und Listen.",
);
pub(super) const NAME: Text = text("Name", "Name");
pub(super) const GOLD: Text = text("I have a gold card", "Ich habe eine Goldkarte");
pub(super) const GOLD_SHORT: Text = text("Gold", "Gold");

pub(super) const CHECKOUT: Text = text("To checkout", "Zur Kasse");
pub(super) const CHECKOUT_TITLE: Text = text("Checkout", "Kasse");
pub(super) const ADDRESS: Text = text("Where shall it go?", "Wohin soll es gehen?");
pub(super) const STREET: Text = text("Street and number", "Straße und Hausnummer");
pub(super) const TOWN: Text = text("Postcode and town", "Postleitzahl und Ort");
pub(super) const ORDER: Text = text("Order", "Bestellen");
pub(super) const BACK_TO_CART: Text = text("Back to the cart", "Zurück zum Warenkorb");
pub(super) const LAYER_TITLE: Text = text("Now in your cart", "Jetzt im Warenkorb");
pub(super) const LAYER_CART: Text = text("See the cart", "Zum Warenkorb");
pub(super) const ORDER_TITLE: Text = text("Thank you for your order", "Danke für deine Bestellung");
pub(super) const ORDER_NUMBER: Text = text("Order number", "Bestellnummer");
pub(super) const ORDER_TEXT: Text = text(
    "A letter of confirmation would be on its way to you now.",
    "Eine Bestätigung wäre jetzt auf dem Weg zu dir.",
);
pub(super) const ORDER_ITEMS: Text = text("What you ordered", "Was du bestellt hast");
pub(super) const DELIVERY_BAR: Text = text("On the way to free delivery", "Bis zum Gratisversand");

/// How much is missing until delivery is free, or that it is.
pub(super) fn free_shipping(lang: Lang, sum: u32) -> String {
    let missing = price(lang, FREE_FROM.saturating_sub(sum));
    match (lang, sum >= FREE_FROM) {
        (Lang::En, true) => "Delivery is free.".to_owned(),
        (Lang::De, true) => "Der Versand ist frei.".to_owned(),
        (Lang::En, false) => format!("Only {missing} more and delivery is free."),
        (Lang::De, false) => format!("Nur noch {missing}, dann ist der Versand frei."),
    }
}

pub(super) const DETAILS_TITLE: Text = text("Material and care", "Material und Pflege");
pub(super) const DELIVERY_TITLE: Text = text("Delivery and returns", "Versand und Rückgabe");
pub(super) const DELIVERY: [Text; 3] = [
    text(
        "Free from €49, otherwise €4.90; with you in 2–4 days.",
        "Ab 49 € frei, sonst 4,90 €; in 2–4 Tagen bei dir.",
    ),
    text(
        "Packed in paper and cardboard, without plastic.",
        "Verpackt in Papier und Pappe, ohne Kunststoff.",
    ),
    text(
        "30 days to send it back, in any box that holds.",
        "30 Tage Zeit zum Zurücksenden, in jedem Karton, der hält.",
    ),
];

pub(super) const EMPTY_TITLE: Text = text("What often helps", "Was oft hilft");
pub(super) const EMPTY_TIPS: [Text; 2] = [
    text("Check the spelling.", "Prüfe die Schreibweise."),
    text(
        "Take a shorter or a more general word: “lamp”, not “bedside lamp”.",
        "Nimm ein kürzeres oder allgemeineres Wort: „Leuchte“ statt „Nachttischleuchte“.",
    ),
];
pub(super) const EMPTY_DEPARTMENTS: Text = text(
    "Or begin with a department:",
    "Oder fang mit einer Abteilung an:",
);
