from rakor.models.agreements import Addendum, Agreement, AgreementChange, Representative
from rakor.models.ceremonies import Ceremony, CeremonyItem, SessionPhoto
from rakor.models.desks import Desk
from rakor.models.meetings import Meeting, Organiser, Participant
from rakor.models.minutes import EntryDraft, EntryRevision, MinuteEntry, Minutes, MinutesRelease
from rakor.models.sessions import ProgrammeChange, Room, Session, SessionPerson

__all__ = [
    "Addendum",
    "Agreement",
    "AgreementChange",
    "Ceremony",
    "CeremonyItem",
    "Desk",
    "EntryDraft",
    "EntryRevision",
    "Meeting",
    "MinuteEntry",
    "Minutes",
    "MinutesRelease",
    "Organiser",
    "Participant",
    "ProgrammeChange",
    "Representative",
    "Room",
    "Session",
    "SessionPerson",
    "SessionPhoto",
]
