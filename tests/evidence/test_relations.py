"""Relational claims: class, actor, targets, date."""

from __future__ import annotations

from kopir.evidence import read_text


def found(text, language):
    return {(r.actor, r.relation_class, r.targets) for r in read_text(text, language=language).relations}


def test_agreement_in_four_languages():
    assert ("KAZ", "agree", ("FRA",)) in found("Казахстан и Франция подписали соглашение.", "ru")
    assert ("KAZ", "agree", ("FRA",)) in found("Kazakhstan signed an agreement with France.", "en")
    assert ("KAZ", "agree", ("FRA",)) in found("Kazakistan ile Fransa anlaşma imzaladı.", "tr")
    assert ("KAZ", "agree", ("FRA",)) in found("Қазақстан мен Франция келісімге қол қойды.", "kk")


def test_visit_names_person_and_place_with_its_date():
    (relation,) = read_text("Президент Токаев прибыл в Турцию 29 июля 2025 года.", language="ru").relations
    assert (relation.actor, relation.relation, relation.targets) == ("K.Tokayev", "visit", ("TUR",))
    assert relation.date == "2025-07-29"


def test_direction_of_investment():
    assert ("TUR", "invest", ("KAZ",)) in found("Турция инвестирует в Казахстан.", "ru")
    assert ("KAZ", "invest", ("TUR",)) in found("Казахстан инвестирует в Турцию.", "ru")
