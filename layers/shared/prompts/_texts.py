"""Every sentence, once per language; `{names}` are filled in by the callback that speaks it.

A new sentence goes into all four languages; a test compares their keys and placeholders.
"""

from __future__ import annotations

ENGLISH = {
    "balance": "Your balance is {money}.",
    "balance_named": "Hello {name}. Your balance is {money}.",
    "connecting_support": "I am connecting you to customer support.",
    "support_unavailable": "Customer support can not take your call right now. Please try again later.",
    "enter_account": "Please enter your account number, followed by the pound key.",
    "enter_pin": "Please enter your PIN, followed by the pound key.",
    "wrong_credentials": "That account number and PIN do not match.",
    "too_many_tries": "We could not identify you.",
    "locked": "This account is locked for a while, after too many wrong PINs.",
    "nothing_entered": "I did not hear any digits.",
    "goodbye": "Goodbye.",
    "try_again_later": "We are sorry, something went wrong on our side. Please call again in a few minutes.",
}

SPANISH = {
    "balance": "Su saldo es de {money}.",
    "balance_named": "Hola {name}. Su saldo es de {money}.",
    "connecting_support": "Le comunico con atención al cliente.",
    "support_unavailable": "Atención al cliente no puede atenderle ahora. Por favor, llame más tarde.",
    "enter_account": "Marque su número de cuenta y después la tecla numeral.",
    "enter_pin": "Marque su clave y después la tecla numeral.",
    "wrong_credentials": "El número de cuenta y la clave no coinciden.",
    "too_many_tries": "No hemos podido identificarle.",
    "locked": "Esta cuenta está bloqueada por un tiempo, tras demasiadas claves incorrectas.",
    "nothing_entered": "No he recibido ningún dígito.",
    "goodbye": "Adiós.",
    "try_again_later": "Lo sentimos, ha ocurrido un error. Por favor, llame de nuevo en unos minutos.",
}

FRENCH = {
    "balance": "Votre solde est de {money}.",
    "balance_named": "Bonjour {name}. Votre solde est de {money}.",
    "connecting_support": "Je vous mets en relation avec le service client.",
    "support_unavailable": "Le service client n'est pas disponible. Veuillez rappeler plus tard.",
    "enter_account": "Veuillez saisir votre numéro de compte, suivi de la touche dièse.",
    "enter_pin": "Veuillez saisir votre code secret, suivi de la touche dièse.",
    "wrong_credentials": "Le numéro de compte et le code ne correspondent pas.",
    "too_many_tries": "Nous n'avons pas pu vous identifier.",
    "locked": "Ce compte est bloqué pour un moment, après trop de codes erronés.",
    "nothing_entered": "Je n'ai reçu aucun chiffre.",
    "goodbye": "Au revoir.",
    "try_again_later": "Désolés, une erreur est survenue. Veuillez rappeler dans quelques minutes.",
}

GERMAN = {
    "balance": "Ihr Guthaben beträgt {money}.",
    "balance_named": "Guten Tag {name}. Ihr Guthaben beträgt {money}.",
    "connecting_support": "Ich verbinde Sie mit dem Kundendienst.",
    "support_unavailable": "Der Kundendienst ist gerade nicht erreichbar. Bitte rufen Sie später wieder an.",
    "enter_account": "Bitte geben Sie Ihre Kundennummer ein und drücken Sie die Rautetaste.",
    "enter_pin": "Bitte geben Sie Ihre PIN ein und drücken Sie die Rautetaste.",
    "wrong_credentials": "Kundennummer und PIN passen nicht zusammen.",
    "too_many_tries": "Wir konnten Sie nicht erkennen.",
    "locked": "Dieses Konto ist nach zu vielen falschen PINs eine Weile gesperrt.",
    "nothing_entered": "Ich habe keine Eingabe erhalten.",
    "goodbye": "Auf Wiederhören.",
    "try_again_later": "Leider ist etwas schiefgegangen. Bitte rufen Sie in einigen Minuten wieder an.",
}

TEXTS = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH, "de": GERMAN}
