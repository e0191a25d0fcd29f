"""What the law says about evidence: of sexual imagery of children nothing is captured, stored or shown (T7).

Source: UKCIS, Sharing nudes and semi-nudes: advice for education settings (March 2024), sections 2.4 and 2.5;
Protection of Children Act 1978 section 1.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.text.packs import IMAGERY

GUIDANCE: tuple[Promise, ...] = (
    _("Do not look for, open, copy, print, save or pass on any picture or video. "
      "Do not ask a pupil to show or send it."),
    _("Do not delete it and do not ask a pupil to delete it before it was decided with the safeguarding lead."),
    _("If you have seen it already, tell the safeguarding lead that you did. "
      "It is written down that it was by accident."),
    _("The safeguarding lead decides with children's social care and the police (101; in danger 999)."),
    _("Pictures on the open internet: report.iwf.org.uk. Contact by an adult: ceop.police.uk. "
      "Pupils can have pictures of themselves taken down: Report Remove, childline.org.uk."),
)  # fmt: skip


def withheld(theme: str) -> bool:
    """Whether addresses of pages are left out."""
    return theme in IMAGERY
