"""The acts of the whole path, one function each, by the people who do them."""

from tests.journeys.steps import booking, catalogue, settlement, vouchers

__all__ = ["booking", "catalogue", "settlement", "vouchers"]
