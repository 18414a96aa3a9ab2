from rakor.models.agreements import Addendum, Agreement, AgreementChange, Representative
from rakor.models.attendance import Attendance, AttendanceList, CheckIn, Registration
from rakor.models.ceremonies import Ceremony, CeremonyItem, SessionPhoto
from rakor.models.desks import Desk
from rakor.models.invitations import Invitation
from rakor.models.letters import CommitteeMember, Letter, LetterCopy
from rakor.models.meetings import Meeting, Organiser, Participant
from rakor.models.minutes import EntryDraft, EntryRevision, MinuteEntry, Minutes, MinutesRelease
from rakor.models.reminders import CalendarFeed, Reminder, ToldProgramme
from rakor.models.sessions import ProgrammeChange, Room, Session, SessionPerson

__all__ = [
    "Addendum",
    "Agreement",
    "AgreementChange",
    "Attendance",
    "AttendanceList",
    "CalendarFeed",
    "Ceremony",
    "CeremonyItem",
    "CheckIn",
    "CommitteeMember",
    "Desk",
    "EntryDraft",
    "EntryRevision",
    "Invitation",
    "Letter",
    "LetterCopy",
    "Meeting",
    "MinuteEntry",
    "Minutes",
    "MinutesRelease",
    "Organiser",
    "Participant",
    "ProgrammeChange",
    "Registration",
    "Reminder",
    "Representative",
    "Room",
    "Session",
    "SessionPerson",
    "SessionPhoto",
    "ToldProgramme",
]
