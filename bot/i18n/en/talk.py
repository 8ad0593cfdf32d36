"""First contact, help and house words, in English."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # First contact, help, house words
    "welcome_what": (
        "I'm Safiri. I plan trips in Kenya: buses, SGR, flights, stays and things to do, each price with its date."
    ),
    "welcome_how": "Tell me where, when, how many people and your budget. Or tap the example.",
    "welcome_kept": "I keep our chat so that I can plan. Say “delete my data” and it is gone.",
    "welcome_example": "3 days in Mombasa",
    "welcome_short": (
        "I'm Safiri; I plan trips in Kenya. I keep our chat so that I can plan; say “delete my data” and it is gone."
    ),
    "hello_again": "Hello. Where would you like to go?",
    "hello_short": "Hello.",
    "hello_trip": "Hello. Your {place} trip is here. Shall we change something, or plan another?",
    "help_trip": "Tell me a trip in your own words: “3 days in Mombasa from Friday, 2 people, 60k”.",
    "help_search": "Or ask for one thing: “buses to Kisumu tomorrow”, “hotel in Nakuru tonight under 3k”.",
    "help_facts": "Or about travel here: “Amboseli entry for residents”, “SGR luggage”, “do I need a visa”.",
    "help_with_trip": "We are working on your {trip} trip.",
    "help_change": "Change it: “cheaper”, “train, not bus”, “3 people”, “add a day”, “undo”.",
    "help_files": "Use it: “book”, “send the PDF”, “calendar”.",
    "help_trips": "Other trips: “new trip”, “my trips”, “call this trip Honeymoon”, “back to Honeymoon”.",
    "help_words": "Any time: STOP, HUMAN, MY DATA, DELETE MY DATA. Kiswahili? Just write it.",
    "help_answer_destination": "Name any town, park or beach in Kenya, or tap one: “Diani”, “Maasai Mara”.",
    "help_answer_origin": "Name the town you set off from: “Nairobi”, “from Eldoret”.",
    "help_answer_dates": "Say a day: “Friday”, “4 December”, “next weekend”. If any day will do, say “any day”.",
    "help_answer_party": "Say how many: “2”, “2 adults and 1 child”.",
    "help_answer_budget": "Say an amount for everyone together: “40k”. No ceiling? Say “no limit”.",
    "help_answer_anything": "Answer in your own words; “cancel” lets it go.",
    "who": ("I'm Safiri, a program that plans trips in Kenya. Prices come from dated sources, never out of my head."),
    "stopped": "Stopped. I won't write unless you do.",
    "human": (
        "There is no person behind this chat yet. The booking links lead to the companies themselves; they "
        "can help with seats, rooms and refunds."
    ),
    "human_contact": "A person helps you here: {contact}.",
    "human_page": "A person helps you here:",
    "human_link": "Contact",
    "human_emergency": "Emergency: 999, 112 or 911, free to call (police notice, Aug 2022).",
    "privacy_kept": (
        "I keep what we write here and the trips we plan, encrypted, so that I can plan and remember them. Nothing "
        "is sold."
    ),
    "privacy_yours": "“My data” gives you all of it as a file, “delete my data” deletes it.",
    "privacy_link": "Privacy in full",
    "button_my_data": "My data",
    "button_delete": "Delete my data",
    "exporting": "I'm putting together all I keep about this chat.",
    "exported": "All I keep about this chat, as one file. It is yours; keep it somewhere safe.",
    "caption_json": "Your data",
    "mydata_what": "Everything Safiri keeps about this chat.",
    "mydata_left_out": (
        "Files are named, not contained: ask for them in the chat. Addresses that open a page for whoever has them are "
        "shortened. Prices that sources told us are kept apart from people and are not here."
    ),
    "mydata_chats": "The chat: app, address, name and language as the app told them, first and last day.",
    "mydata_inbox": "What you wrote, and whether it was answered.",
    "mydata_outbox": "What Safiri wrote.",
    "mydata_tasks": "Longer work done for you: plans and searches, with what was asked for.",
    "mydata_conversations": "What is remembered between two messages: what you said of your trips, open questions.",
    "mydata_trips": "Your trips.",
    "mydata_itineraries": "Every version of every plan, whole.",
    "mydata_items": "The lines of these plans, for counting.",
    "mydata_documents": "Files made of your plans: name, kind and day.",
    "mydata_links": "Booking addresses of your trips.",
    "mydata_clicks": "When such an address was opened; by whom is not kept.",
    "mydata_fates": "What WhatsApp told of each message of mine: sent, delivered, read.",
    "mydata_sent_ids": "The app's numbers of messages that change while a plan is made.",
    "mydata_bookings": "What of your trips you said is booked, with its reference and what was paid.",
    "mydata_other": "More that belongs to this chat.",
    "forget_sure": "This deletes {what}. It cannot be undone. Shall I?",
    "forget_trips_none": "our chat and everything I remember of it",
    "forget_trips_one": "our chat and 1 trip with its page and files",
    "forget_trips_many": "our chat and {n} trips with their pages and files",
    "button_delete_all": "Delete everything",
    "button_keep": "Keep it",
    "nothing_deleted": "Nothing was deleted.",
    "forgetting": "I'm deleting it all now: our chat, your trips, their pages and files.",
    "forgotten": "It's all gone. Write any time to start afresh.",
    "language_set": "English it is.",
    "cancelled": "All right, I've let that go. Where to, whenever you're ready?",
    "cancelled_trip_kept": "All right, I've let that go. Your {place} trip is still here.",
    "cancelled_trip": "All right, I've put the {place} trip aside. Its page stays. Where to next?",
    "restarted": "Starting afresh.",
    "restarted_kept": "Starting afresh. Earlier trips are under “my trips”.",
    "trips_head_one": "You have one trip with me:",
    "trips_head": "You have {n} trips with me:",
    "trips_here": "← open now",
    "trips_none": "There is no planned trip yet. Where would you like to go?",
    "trip_unknown": "I don't know which trip you mean.",
    "trip_taken_off": "The {trip} trip is off your list.",
    "booking_cancelled_there": (
        "I hold no bookings: cancel where you booked, on the company's own site. Your {place} trip stays as it is."
    ),
    "booking_not_here": "I hold no bookings: cancel where you booked, on the company's own site.",
    "trip_opened": "Back to {trip}.",
    "trip_named": "All right, this trip is called “{name}”.",
    "button_trips": "My trips",
    "pin": (
        "Never send a PIN in a chat: nobody honest asks for it, and I never do. I have not kept it; if it was real, "
        "change it."
    ),
    "thanks": "You're welcome. Safe travels.",
    "off_topic": "I only do trips in and around Kenya. Where would you like to go?",
    "off_topic_trip": "I only do trips in and around Kenya. Your {place} trip is here if you want to change it.",
    "off_topic_plain": "I only do trips in and around Kenya.",
    "chat_how": "I'm well, thank you, and ready to plan.",
    "chat_robot": "Yes, I'm a program. I plan trips in Kenya, and every price I show has a source and a date.",
    "chat_love": "That's kind. My heart is on the road, though: tell me where you'd like to go.",
    "chat_joke": "Why did the matatu cross the road? To overtake the chicken.",
    "chat_insult": "I'm sorry this isn't working for you. Tell me what you need, or write HUMAN.",
    "best_guess": "I didn't get that either, so here is my best guess. Change whatever doesn't suit you.",
    "unclear_again": "I still don't get it. This I understand:",
    "not_understood": "I didn't get that.",
    "media": "I can read text and taps; voice notes, photos and stickers not yet. What's the trip?",
    "media_voice": "I can't listen to voice notes yet. Write it in a line: where, when, how many, what budget?",
    "media_photo": "I can't see pictures yet. What in it matters for the trip? Write me that.",
    "media_video": "I can't watch videos yet. What in it matters for the trip? Write me that.",
    "media_sticker": "Stickers are beyond me. Write to me where you'd like to go.",
    "media_contact": "I have no use for contacts, and keep none. Tell me in words what you'd like.",
    "media_file": "I can't open files yet. What in it matters for the trip? Write me that.",
    "choose": "Choose",
    "invitation": (
        "Safiri here. There is an answer to your trip request that I could not send you in time. "
        "Reply OK to read it, or STOP to hear nothing more."
    ),
    "too_long": "That's more than I can read at once. Tell me in a line or two: where, when, how many, what budget?",
    "stale_button": "That button is from an older message. Tell me in words what you'd like.",
    "choice_range": "I offered {n} choices. Tap one, or type its number.",
    "choice_one": "I offered one choice. Tap it, or type 1.",
    "choice_none": "There is nothing to choose from right now. Where would you like to go?",
    "choice_link": "{label}: {url}",
    "located": "I'll start from {place}.",
    "located_nowhere": "That is far from every town I know in Kenya. Which town do you start from?",
}
