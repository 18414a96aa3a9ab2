from rakor.models.meetings import Meeting, Organiser, Participant
from rakor.models.minutes import EntryDraft, EntryRevision, MinuteEntry, Minutes, MinutesRelease
from rakor.models.sessions import ProgrammeChange, Room, Session, SessionPerson

__all__ = [
    "EntryDraft",
    "EntryRevision",
    "Meeting",
    "MinuteEntry",
    "Minutes",
    "MinutesRelease",
    "Organiser",
    "Participant",
    "ProgrammeChange",
    "Room",
    "Session",
    "SessionPerson",
]
