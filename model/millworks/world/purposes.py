"""What each random draw is for: one line per purpose, the only place where a code is given.

The code of a purpose is one word of the counter that keys the draw (see `streams`), so two
purposes never share luck. A new purpose takes a new line and an unused code. A code that has been
used in a published result is never given to another purpose, and a line is never renumbered:
either would change everybody's luck.
"""

from __future__ import annotations

from typing import NamedTuple


class Purpose(NamedTuple):
    """One use of randomness: its code in the counter, who is drawn for, and what is drawn."""

    code: int
    drawn_for: str
    meaning: str


#: Name of each purpose -> its code and meaning. Codes below 100 build the world, the rest run it.
PURPOSES: dict[str, Purpose] = {
    # --- the start of the world: firms
    "maker_employment": Purpose(1, "maker", "employment within its size class"),
    "maker_location": Purpose(2, "maker", "place on the map (draw 0 east-west, 1 north-south)"),
    "maker_sampling": Purpose(3, "maker", "which makers stay in a scale model"),
    "maker_sales": Purpose(4, "maker", "sales per employee around its class"),
    "maker_productivity": Purpose(5, "maker", "productivity within sector and size"),
    "maker_markup": Purpose(6, "maker", "net mark-up aimed at"),
    "maker_cash_buffer": Purpose(7, "maker", "days of outflow its owner likes to hold"),
    "maker_ambition": Purpose(8, "maker", "whether its owner wants to grow"),
    "maker_soft_information": Purpose(9, "maker", "what lenders know beyond the books, at start"),
    "maker_capacity": Purpose(10, "maker", "capacity around its orders, at start"),
    "partner_employment": Purpose(15, "partner", "employment above 500"),
    "partner_location": Purpose(16, "partner", "place on the map (draws as for makers)"),
    "partner_sector": Purpose(17, "partner", "sector, where shares leave a choice"),
    "retailer_employment": Purpose(20, "retailer", "size"),
    "retailer_location": Purpose(21, "retailer", "place on the map (draws as for makers)"),
    # --- the start of the world: links
    "supplier_count": Purpose(30, "buyer", "how many principal suppliers it has"),
    "supplier_choice": Purpose(31, "buyer", "which seller each principal supplier is"),
    "supplier_weight": Purpose(32, "buyer", "how a buyer splits its purchases of a sector"),
    "sector_supplier": Purpose(33, "buyer", "its one supplier of a sector without a principal"),
    "retail_supplier_count": Purpose(34, "retailer", "how many makers it buys from"),
    "retail_supplier_choice": Purpose(35, "retailer", "which makers these are"),
    "partner_supplier_count": Purpose(36, "partner", "how many makers it buys from"),
    "partner_supplier_choice": Purpose(37, "partner", "which makers these are"),
    "outside_customer_weight": Purpose(38, "seller", "sizes of its customers outside"),
    "link_terms": Purpose(39, "link", "weeks of trade credit, where terms leave a choice"),
    "demand_state_start": Purpose(40, "link", "where an outside customer's demand stands at start"),
    "lender_choice": Purpose(41, "customer", "which bank keeps its deposits"),
    "district_key": Purpose(50, "district", "key of the draws of a district beside the first"),
    # --- the running week
    "demand_shock": Purpose(100, "link", "weekly shock to an outside customer's demand"),
    "order_lumpiness": Purpose(101, "link", "lumpiness of an outside customer's orders"),
    "freight_lead": Purpose(102, "link", "weeks a shipment takes"),
    "payment_lateness": Purpose(103, "link", "whether (draw 0) and how long (1) a payer waits"),
    "new_link": Purpose(104, "buyer", "whether (draw 2 x sector) and to whom (next) a link opens"),
    "soft_information": Purpose(105, "firm", "news to lenders beyond the books, every four weeks"),
    "adoption_opportunity": Purpose(106, "maker", "arrival of a chance to adopt technology"),
    "voluntary_exit": Purpose(107, "firm", "whether an owner gives up"),
    "birth_count": Purpose(108, "sector", "how many firms are born"),
    "birth_size": Purpose(109, "firm", "demand a new firm takes from the pool"),
    "pool_match": Purpose(110, "firm", "whether a shipment finds others to share a truck with"),
    "stage_start": Purpose(111, "firm", "in which week of its cycle a slow decision falls"),
    "rail_access": Purpose(112, "link", "whether its far end takes rail by the pallet"),
    "pool_zone": Purpose(113, "link", "market outside that its shipments go to"),
    "pool_delay": Purpose(114, "link", "whether a merged shipment arrives a week later"),
    "disruption": Purpose(119, "maker", "whether it stands still when suppliers are disrupted"),
    "facility_place": Purpose(120, "firm", "its turn where a shared facility has too few places"),
    "grant_lottery": Purpose(130, "maker", "whether a programme offers it grants for projects"),
    "engagement_queue": Purpose(131, "maker", "place in the queue for advice on technology"),
    # --- studies and tests
    "bootstrap": Purpose(200, "pair", "which pairs a bootstrap sample holds"),
    "parameter_draw": Purpose(201, "parameter", "where in its range each draw of it lies"),
    "test": Purpose(250, "anything", "for tests and notebooks only"),
}
