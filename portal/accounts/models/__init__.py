from portal.accounts.models.links import PasswordLink
from portal.accounts.models.parked import ParkedForm
from portal.accounts.models.throttle import Throttle
from portal.accounts.models.users import User

__all__ = ["ParkedForm", "PasswordLink", "Throttle", "User"]
