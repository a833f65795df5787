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
    "balance_aged": "{minutes} minutes ago your balance was {money}.",
    "balance_unknown": "Your balance is not available right now.",
    "nothing_pressed": "I did not hear a key.",
    "not_a_choice": "That is not one of the choices.",
    "nobody_answers": "Nobody can take your call right now. Please call again later. Goodbye.",
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
    "balance_aged": "Hace {minutes} minutos su saldo era de {money}.",
    "balance_unknown": "Su saldo no está disponible en este momento.",
    "nothing_pressed": "No he recibido ninguna tecla.",
    "not_a_choice": "Esa no es una de las opciones.",
    "nobody_answers": "Nadie puede atender su llamada ahora. Por favor, llame más tarde. Adiós.",
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
    "balance_aged": "Il y a {minutes} minutes, votre solde était de {money}.",
    "balance_unknown": "Votre solde n'est pas disponible pour le moment.",
    "nothing_pressed": "Je n'ai reçu aucune touche.",
    "not_a_choice": "Ce n'est pas un des choix proposés.",
    "nobody_answers": "Personne ne peut prendre votre appel pour le moment. Veuillez rappeler plus "
    "tard. Au revoir.",
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
    "balance_aged": "Vor {minutes} Minuten betrug Ihr Guthaben {money}.",
    "balance_unknown": "Ihr Guthaben ist gerade nicht verfügbar.",
    "nothing_pressed": "Ich habe keine Taste gehört.",
    "not_a_choice": "Das steht nicht zur Auswahl.",
    "nobody_answers": "Im Moment kann niemand Ihren Anruf annehmen. Bitte rufen Sie später wieder an. "
    "Auf Wiederhören.",
}

TEXTS = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH, "de": GERMAN}
