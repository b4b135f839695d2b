"""Results as people read them: the screen, the charts, the page, and the sentences they share.

Nothing here computes economics. Every figure comes from a result object of `millworks.study`;
this package names and rounds it (`names`, `rounding`), says it (`words`), draws it (`charts`,
`render`), and lays it out (`screen`, `page`, `linear`).
"""
