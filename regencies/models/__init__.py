from regencies.models.areas import Province, Regency
from regencies.models.offices import Agency, Position

__all__ = ["Agency", "Position", "Province", "Regency"]
