from regencies.models.areas import Province, Regency
from regencies.models.emblems import Emblem
from regencies.models.offices import Agency, Position
from regencies.models.registers import LetterNumber, Register, RegisterYear

__all__ = ["Agency", "Emblem", "LetterNumber", "Position", "Province", "Regency", "Register", "RegisterYear"]
