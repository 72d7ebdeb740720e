"""How Turkish and Kazakh news tell trade and output: rankings, lists, what was before, who says so; with twins."""

from __future__ import annotations

import pytest

from kopir.evidence import read_text

DATE = "2024-05-10"
TR = [("Peru'nun", "Peru'ya", "Peru", "PER"), ("Norveç'in", "Norveç'e", "Norveç", "NOR")]
KK = [("Норвегиядан", "Норвегия", "NOR"), ("Моңғолиядан", "Моңғолия", "MNG")]


def told(language, text, *slots, date=DATE):
    claims = read_text(text, language=language, date=date).claims
    return [tuple(getattr(claim, slot) for slot in slots) for claim in claims]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
@pytest.mark.parametrize("verb", ["izledi", "takip etti"])
def test_the_next_of_a_ranking_is_the_other_side_of_the_trade(gen, _dat, _nom, code, verb):
    text = (
        f"{gen} 2023'te en fazla bakır ihracatı 5 milyar dolarla Çin'e yapıldı. "
        f"Çin'i 3 milyar dolarla Japonya, 2 milyar dolarlık satışla Brezilya {verb}."
    )
    assert told("tr", text, "indicator", "subject", "partners", "value") == [
        ("export", code, ("CHN",), 5e9),
        ("export", code, ("JPN",), 3e9),
        ("export", code, ("BRA",), 2e9),
    ]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
def test_a_place_taken_in_a_ranking_is_no_purchase(gen, _dat, _nom, code):
    text = f"{gen} ithalatında ilk sırayı 2 milyar dolarla Almanya aldı."
    assert told("tr", text, "indicator", "subject", "partners") == [("import", code, ("DEU",))]


@pytest.mark.parametrize(("_gen", "_dat", "nom", "code"), TR)
@pytest.mark.parametrize("order", ["ile", "üretimle"])
def test_of_output_the_ranked_name_is_whose_it_is(_gen, _dat, nom, code, order):
    text = f"En fazla petrol üretimini günlük 9 milyon varil {order} {nom} yaptı, Irak ikinci sırada yer aldı."
    assert told("tr", text, "indicator", "subject")[0] == ("oil_production", code)


@pytest.mark.parametrize(("_gen", "_dat", "nom", "code"), TR)
def test_the_last_of_a_list_bears_the_case_of_all(_gen, _dat, nom, code):
    text = f"{nom}, 2023'te Fas, Brezilya, Çin ve Irak'a 18 milyon ton bakır ihraç etti."
    assert told("tr", text, "subject", "partners") == [(code, ("MAR", "BRA", "CHN", "IRQ"))]


@pytest.mark.parametrize(("_gen", "_dat", "nom", "code"), TR)
@pytest.mark.parametrize("verb", ["tedarik etti", "temin etti"])
def test_who_gets_goods_from_another_imports(_gen, _dat, nom, code, verb):
    text = f"{nom} 2023'te Cezayir'den 26 milyar metreküp doğal gaz {verb}."
    assert told("tr", text, "indicator", "subject", "partners") == [("import", code, ("DZA",))]
    text = f"{nom} 2023'te Cezayir'e 26 milyar metreküp doğal gaz {verb}."
    assert told("tr", text, "indicator", "subject", "partners") == [("export", code, ("DZA",))]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
@pytest.mark.parametrize("noun", ["artış", "büyüme", "yükseliş"])
def test_what_is_reached_after_a_rise_is_a_level(gen, _dat, _nom, code, noun):
    text = f"{gen} ihracatı 2023'te yüzde 4'lük bir {noun} kaydederek 131 milyar dolara ulaştı."
    assert told("tr", text, "kind", "value") == [("change_pct", 4), ("level", 131e9)]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
@pytest.mark.parametrize("part", ["döneminde", "çeyreğinde"])
def test_the_same_part_of_the_year_before_dates_a_level(gen, _dat, _nom, code, part):
    text = (
        f"{gen} bakır ihracatı 2023'ün ilk çeyreğinde 7 milyon ton oldu. "
        f"Bu rakam geçen yılın aynı {part} 5 milyon tondu."
    )
    assert told("tr", text, "value", "period") == [(7e6, "2023-01/2023-03"), (5e6, "2022-01/2022-03")]


@pytest.mark.parametrize(("good", "verb"), [("мыс", "экспортталды"), ("бидай", "жөнелтілді")])
@pytest.mark.parametrize(("abl", "_nom", "code"), KK)
def test_the_same_months_of_the_year_before_in_kazakh(abl, _nom, code, good, verb):
    text = (
        f"2023 жылы {abl} 2 миллион тонна {good} {verb}. "
        "Өткен жылдың осы кезеңінде бұл көрсеткіш 1,8 миллион тонна болған."
    )
    assert told("kk", text, "subject", "value", "period") == [(code, 2e6, "2023"), (code, 1.8e6, "2022")]


@pytest.mark.parametrize(("abl", "_nom", "code"), KK)
@pytest.mark.parametrize("word", ["мәліметінше", "хабарлауынша", "ақпаратынша"])
def test_a_firm_that_is_quoted_sends_nothing(abl, _nom, code, word):
    text = f"«Алтай жол» ұлттық компаниясының {word}, 2023 жылы {abl} 2 миллион тонна мыс экспортталды."
    assert told("kk", text, "subject") == [(code,)]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
@pytest.mark.parametrize("office", ["Ticaret Bakanlığı", "İstatistik Kurumu"])
def test_an_office_before_a_state_does_not_make_it_the_one_who_speaks(gen, _dat, _nom, code, office):
    text = f"{office} verilerine göre {gen} ihracatı 2023'te 5 milyar dolar oldu."
    assert told("tr", text, "subject", "indicator") == [(code, "export")]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
@pytest.mark.parametrize("than", ["2022'ye göre", "bir önceki yıla göre"])
def test_what_is_compared_with_is_no_source(gen, _dat, _nom, code, than):
    text = f"{gen} ihracatı 2023'te {than} yüzde 4 artışla 3 milyon ton oldu."
    assert told("tr", text, "subject", "attribution") == [(code, None), (code, None)]


@pytest.mark.parametrize(("_gen", "dat", "_nom", "code"), TR)
@pytest.mark.parametrize(("words", "language"), [("pazarına", "tr"), ("ekonomisine", "tr")])
def test_a_noun_behind_a_name_bears_its_case(_gen, dat, _nom, code, words, language):
    name = {"PER": "Peru", "NOR": "Norveç"}[code]
    text = f"Brezilya {name} {words} 2023'te 5 milyar dolar yatırım yaptı."
    assert told(language, text, "subject", "partners") == [("BRA", (code,))]


@pytest.mark.parametrize(("_abl", "nom", "code"), KK)
@pytest.mark.parametrize("noun", ["экономикасына", "нарығына"])
def test_a_noun_behind_a_name_bears_its_case_in_kazakh(_abl, nom, code, noun):
    text = f"Қытай {nom} {noun} 2023 жылы 5 млрд доллар инвестиция салды."
    assert told("kk", text, "subject", "partners") == [("CHN", (code,))]


@pytest.mark.parametrize(("first", "second"), [("Libya'da", "Angola'da"), ("Irak'ta", "Peru'da")])
def test_a_figure_goes_on_with_the_name_told_last(first, second):
    codes = {"Libya'da": "LBY", "Angola'da": "AGO", "Irak'ta": "IRQ", "Peru'da": "PER"}
    text = f"Eylülde {first} üretim 2 bin ton artışla 9 bin tona, {second} 3 bin ton artışla 8 bin tona çıktı."
    assert told("tr", text, "subject") == [(codes[first],)] * 2 + [(codes[second],)] * 2


@pytest.mark.parametrize("good", ["ham petrol", "petrol"])
@pytest.mark.parametrize(("state", "code"), [("Irak'ın", "IRQ"), ("Libya'nın", "LBY")])
def test_barrels_of_one_sentence_are_of_one_time(state, code, good):
    text = f"{state} günlük {good} üretimi 2023'te 23 bin varil azalarak 8 milyon varile geriledi."
    assert told("tr", text, "subject", "rate") == [(code, "d"), (code, "d")]


@pytest.mark.parametrize(
    ("verb", "modality"), [("çıkaracağız", "plan"), ("tutacak", "plan"), ("artacak", "forecast")]
)
@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
def test_a_verb_of_the_future_is_a_plan_or_of_a_rise_a_forecast(gen, _dat, _nom, code, verb, modality):
    assert told("tr", f"{gen} ihracatı 5 milyar dolara {verb}.", "subject", "modality") == [(code, modality)]


def test_what_was_done_is_not_planned_with_what_follows():
    text = "Peru 2023'te Çin'e 9 milyon ton bakır ihraç etti ve bu yıl 12 milyon ton ihraç etmeyi planlıyor."
    assert told("tr", text, "value", "modality") == [(9e6, "actual"), (12e6, "plan")]


@pytest.mark.parametrize("unit", ["milyon ton", "milyar dolar"])
def test_between_two_figures_a_period_is_of_the_second(unit):
    text = f"Peru'nun ihracatı 2022 yılında 3 {unit} iken 2023 yılında 5 {unit} oldu."
    assert told("tr", text, "value", "period")[1][1] == "2023"


@pytest.mark.parametrize(("figure", "value"), [("230,000 varil", 230_000), ("45,000 ton", 45_000)])
def test_three_noughts_are_thousands_in_every_language(figure, value):
    assert told("tr", f"Irak'ın üretimi 2023'te {figure} oldu.", "value") == [(value,)]


def test_a_cut_of_output_is_a_fall():
    text = "Irak, 2024'te günlük 1 milyon varil ek petrol üretim kesintisine gitti."
    assert told("tr", text, "value", "kind", "subject") == [(-1e6, "change_abs", "IRQ")]


@pytest.mark.parametrize("n", [42, 7.5])
def test_a_share_of_growth_without_its_verb_is_a_change(n):
    text = f"Норвегия мыс экспорты Қытайға {str(n).replace('.', ',')}%-ға (73 мың тонна), Жапонияға 2 есеге өсті."
    assert told("kk", text, "kind", "value")[0] == ("change_pct", n)


def test_a_bare_flow_in_a_text_of_many_names_is_a_total():
    text = (
        "2023 жылы Норвегиядан 5 млн тонна мыс экспортталды. Қытайға экспорт 2 млн тоннаға жетті. "
        "Жапонияға экспорт 1 млн тоннаға жетті."
    )
    assert told("kk", text, "partners") == [((),), (("CHN",),), (("JPN",),)]


@pytest.mark.parametrize("order", ["құрап, {n} млрд долларға жетті", "артып, {n} млрд долларға дейін жеткізді"])
@pytest.mark.parametrize("n", [3, 12])
def test_what_is_brought_to_a_level_is_not_delivered(order, n):
    text = f"Литва импорты 2022 жылы 2 есеге {order.format(n=n)}."
    assert told("kk", text, "indicator", "subject", "value")[1] == ("import", "LTU", n * 1e9)


@pytest.mark.parametrize(("gen", "code"), [("Ресейдің", "RUS"), ("Қытайдың", "CHN")])
def test_a_part_falls_to_the_other_side(gen, code):
    text = f"Моңғолия 2023 жылы 3 млрд доллардың газын импорттады. Оның 1 млрд доллары {gen} үлесіне тиеді."
    assert told("kk", text, "indicator", "subject", "partners")[1] == ("import", "MNG", (code,))


@pytest.mark.parametrize(("gen", "code"), [("Rusya'nın", "RUS"), ("Çin'in", "CHN")])
def test_a_part_falls_to_the_other_side_in_turkish(gen, code):
    text = f"Peru 2023'te 3 milyar dolarlık ithalat yaptı. Bunun 1 milyar doları {gen} payına düştü."
    assert told("tr", text, "indicator", "subject", "partners", "kind")[1] == ("import", "PER", (code,), "level")


@pytest.mark.parametrize("words", ["былтырғыдан екі есе көп", "бір жыл бұрынғыдан екі есе көп"])
@pytest.mark.parametrize("good", ["мыс", "көмір"])
def test_than_the_year_before_dates_nothing(words, good):
    text = f"Моңғолия 2023 жылы 55 млн тонна {good} экспорттады, бұл {words}."
    assert told("kk", text, "kind", "period") == [("level", "2023"), ("mult", "2023")]


@pytest.mark.parametrize("month", ["жеті айда", "тоғыз айда"])
def test_in_so_many_months_is_no_pumping(month):
    text = f"Ресей 2023 жылдың {month} Үндістанға 55 млн тонна мұнай жеткізді."
    assert told("kk", text, "indicator", "subject", "partners") == [("oil_export", "RUS", ("IND",))]


@pytest.mark.parametrize(("good", "n"), [("мұнай", 37), ("бидай", 210)])
def test_what_gets_dearer_comes_to_a_price(good, n):
    text = f"{good.capitalize()} бағасы тоннасына {n} долларға дейін қымбаттады."
    assert told("kk", text, "indicator", "comparator", "value") == [("price", "eq", n)]


@pytest.mark.parametrize(("word", "value"), [("ІЖӨ-сі", 4.4), ("ЖІӨ-сі", 2.5)])
def test_an_ending_behind_a_hyphen_belongs_to_the_abbreviation(word, value):
    text = f"Қытайдың {word} 2023 жылы {str(value).replace('.', ',')} пайызға өсті."
    assert told("kk", text, "indicator", "subject", "value") == [("gdp", "CHN", value)]


@pytest.mark.parametrize(("n", "good"), [(2, "бензин"), (30, "астық")])
def test_tonnes_that_are_counted_price_nothing(n, good):
    text = f"Норвегияға {good}нің {n} мың тоннасы 1,5 млн долларға саудаланды."
    assert "price" not in [indicator for (indicator,) in told("kk", text, "indicator")]


def test_two_prices_of_which_the_first_is_left_are_levels():
    text = "Бидай бағасы 324 теңгеден 349 теңгеге қымбаттады."
    assert told("kk", text, "kind", "value") == [("level", 324), ("level", 349)]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
@pytest.mark.parametrize("verb", ["gerçekleştirdiği", "yaptığı"])
def test_a_name_described_by_a_trade_is_the_other_side_of_it(gen, _dat, _nom, code, verb):
    text = f"{gen} 2023'te 5 milyar avroluk ihracat {verb} Çin, önemli bir pazar oldu."
    assert told("tr", text, "indicator", "subject", "partners") == [("export", code, ("CHN",))]


@pytest.mark.parametrize(("_gen", "dat", "_nom", "code"), TR)
def test_travellers_of_a_ranking_come_from_the_name_before_them(_gen, dat, _nom, code):
    text = (
        f"2023'te {dat} en çok ziyaretçi gönderen ülkeler sıralamasında Almanya 3 milyon kişi ile birinci, "
        "Rusya 2 milyon kişi ile ikinci sırada yer aldı."
    )
    assert told("tr", text, "indicator", "subject", "partners") == [
        ("tourists", "DEU", (code,)),
        ("tourists", "RUS", (code,)),
    ]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
@pytest.mark.parametrize(("noun", "kind"), [("gerilemesi", "level"), ("çıkması", "level")])
def test_what_something_is_expected_to_come_to_is_a_level(gen, _dat, _nom, code, noun, kind):
    text = f"{gen} ihracatının 2025'te 40 milyon tona {noun} bekleniyor."
    assert told("tr", text, "subject", "kind", "value") == [(code, kind, 40e6)]


@pytest.mark.parametrize(("verb", "sign"), [("düştü", -1), ("arttı", 1)])
@pytest.mark.parametrize("n", [4, 12])
def test_more_than_so_many_per_cent_is_a_change(n, verb, sign):
    text = f"Peru'nun ihracatı 2023'te yüzde {n}'ten fazla {verb}."
    assert told("tr", text, "kind", "value", "comparator") == [("change_pct", sign * n, "gt")]


@pytest.mark.parametrize(("state", "code"), [("Hollandalı firmaların", "NLD"), ("Japonya'nın", "JPN")])
def test_all_that_was_invested_is_a_stock(state, code):
    text = f"2002 yılından bu yana {state} Peru'ya yaptığı toplam yatırım 34 milyar dolara ulaştı."
    assert told("tr", text, "indicator", "subject", "partners") == [("investment_stock", code, ("PER",))]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
@pytest.mark.parametrize("paper", ["Gaz Piyasası Sektör Raporu", "Enerji Görünümü Bülteni"])
def test_a_paper_trades_nothing(gen, _dat, _nom, code, paper):
    text = (
        f"{gen} gaz ithalatı 2023'te 5 milyar metreküp oldu. "
        f"Kurumun {paper} için verdiği bilgiye göre ithalatın 3 milyar metreküpü borularla yapıldı."
    )
    assert told("tr", text, "subject") == [(code,), (code,)]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
def test_with_a_cue_in_the_ranking_the_next_names_are_no_owners(gen, _dat, _nom, code):
    text = (
        f"{gen} ihracatı 2023'te 9 milyar dolar oldu. Zirvede, 5 milyar dolarlık satışla Irak yer aldı. "
        "Irak'ı, 2 milyar dolarlık ihracat hacmiyle Bulgaristan, 1 milyar dolarla Yunanistan takip etti."
    )
    assert told("tr", text, "subject", "partners")[1:] == [(code, ("IRQ",)), (code, ("BGR",)), (code, ("GRC",))]


@pytest.mark.parametrize("figure", ["% 20", "%20", "yüzde 20"])
@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
def test_about_stands_before_every_per_cent(gen, _dat, _nom, code, figure):
    text = f"{gen} ihracatı 2023'te yaklaşık {figure} arttı."
    assert told("tr", text, "subject", "value", "comparator", "kind") == [(code, 20, "approx", "change_pct")]


@pytest.mark.parametrize(("figure", "value"), [("5 milyon tondur", 5e6), ("268 milyon dolardır", 268e6)])
def test_a_measure_with_a_copula_is_read(figure, value):
    assert told("tr", f"Peru'nun bakır ihracatı 2023'te {figure}.", "value", "indicator") == [(value, "export")]


@pytest.mark.parametrize(("ins", "code"), [("Ресеймен", "RUS"), ("Қытаймен", "CHN")])
def test_a_share_with_a_partner_alone_is_nobody_elses(ins, code):
    text = f"Жалпы сауданың 92 проценті {ins} болған."
    assert told("kk", text, "subject", "partners", "kind") == [(None, (code,), "share")]


@pytest.mark.parametrize(("n", "kind"), [(105, "level"), (112, "level"), (7, "change_pct")])
def test_growth_of_more_than_a_hundred_is_an_index(n, kind):
    assert told("kk", f"2023 жылы Қытайда экономикалық өсім {n} процент болды.", "kind", "value") == [(kind, n)]


@pytest.mark.parametrize(("verb", "language"), [("ulaşabilir", "tr"), ("çıkabilir", "tr")])
def test_what_can_be_is_a_forecast(verb, language):
    text = f"Peru'nun ihracatı 2030'da 5 milyar dolara {verb}."
    assert told(language, text, "modality") == [("forecast",)]


@pytest.mark.parametrize(("first", "second"), [("Қытайға", "Ресейге"), ("Жапонияға", "Иранға")])
def test_parts_of_a_total_go_to_the_names_in_the_dative(first, second):
    codes = {"Қытайға": "CHN", "Ресейге": "RUS", "Жапонияға": "JPN", "Иранға": "IRN"}
    text = (
        f"2019 жылы ет экспорты 9 мың тоннаны құрады, оның ішінде {first} – 3 мың тонна, {second} – 2 мың тонна."
    )
    assert told("kk", text, "indicator", "partners")[1:] == [
        ("export", (codes[first],)),
        ("export", (codes[second],)),
    ]


@pytest.mark.parametrize("names", [("İtalya'ya", "Almanya'ya"), ("Çin'e", "Fas'a")])
def test_who_only_receives_owns_no_exports(names):
    text = (
        f"2023'te 9 bin ton fındık ihraç edildi. {names[0]} 5 bin ton, {names[1]} 4 bin ton fındık ihraç edildi."
    )
    assert [subject for (subject,) in told("tr", text, "subject")] == [None, None, None]


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
@pytest.mark.parametrize("source", ["verilerine", "istatistiklerine", "rakamlarına"])
def test_a_year_of_statistics_dates_what_they_tell(gen, _dat, _nom, code, source):
    text = f"2023 {source} göre {gen} ihracatı 3 milyar dolar oldu."
    assert told("tr", text, "subject", "period") == [(code, "2023")]


@pytest.mark.parametrize(("_gen", "_dat", "nom", "code"), TR)
@pytest.mark.parametrize(
    ("figure", "value"), [("64 milyon 179 dolar", 64_000_179), ("7 milyon 5 dolar", 7_000_005)]
)
def test_what_goods_are_sold_for_is_the_trade_itself(_gen, _dat, nom, code, figure, value):
    text = f"{nom}, 2023'te {figure} karşılığında 3 bin ton fındık ihraç etti."
    assert told("tr", text, "indicator", "subject", "value")[0] == ("export", code, value)


@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
def test_a_ranking_in_a_clause_of_saying(gen, _dat, _nom, code):
    text = (
        f"{gen} İtalya'ya 2023'te 64 milyon dolarlık fındık ihraç ettiği belirtildi. "
        "İtalya'yı 43 milyon dolarla Almanya, 19 milyon dolarla Polonya'nın izlediği kaydedildi."
    )
    assert told("tr", text, "subject", "partners") == [(code, ("ITA",)), (code, ("DEU",)), (code, ("POL",))]


@pytest.mark.parametrize(
    ("text", "indicator", "subject", "partners"),
    [
        ("{A}, Ukrayna'ya 1,5 milyar dolarlık askeri yardım yapacak.", "financing_pledged", "A", ("UKR",)),
        ("{A}, Fas için 7 milyar avroluk destek paketi açıkladı.", "financing_pledged", "A", ("MAR",)),
        ("{A}, Fas'a 5 milyon avro hibe sağladı.", "financing_pledged", "A", ("MAR",)),
        ("Fas, {A}'den 1 milyar dolar borç aldı.", "financing_pledged", "A", ("MAR",)),
        ("{A}, Fas'tan 10 milyar dolarlık sözleşmeyle tank aldı.", "deals_value", "A", ("MAR",)),
        ("{A} buğdayının yüzde 80'ini Rusya ve Ukrayna'dan alıyor.", "import", "A", ("RUS", "UKR")),
        ("{A}, gaz ihtiyacının yüzde 40'ını Rusya'dan karşılıyordu.", "import", "A", ("RUS",)),
        ("{A} ekonomisi 2022'de yüzde 7 büyüdü.", "gdp", "A", ()),
    ],
)
@pytest.mark.parametrize(("name", "code"), [("Norveç", "NOR"), ("Yemen", "YEM")])
def test_who_gives_buys_and_grows(name, code, text, indicator, subject, partners):
    claims = told("tr", text.replace("{A}", name), "indicator", "subject", "partners")
    assert claims == [(indicator, code if subject == "A" else subject, partners)]


@pytest.mark.parametrize(
    ("text", "indicator", "partners"),
    [
        ("{A} Украинаға 1,5 млрд доллар әскери көмек береді.", "financing_pledged", ("UKR",)),
        ("{A} Украинаға 5 млн доллар қарыз берді.", "financing_pledged", ("UKR",)),
        ("{A} экономикасы 2022 жылы 7 пайызға өсті.", "gdp", ()),
    ],
)
@pytest.mark.parametrize(("name", "code"), [("Норвегия", "NOR"), ("Жапония", "JPN")])
def test_who_gives_and_grows_in_kazakh(name, code, text, indicator, partners):
    claims = told("kk", text.replace("{A}", name), "indicator", "subject", "partners")
    assert claims == [(indicator, code, partners)]


@pytest.mark.parametrize("good", ["ihracatı", "ithalatı"])
def test_a_verb_of_growth_is_of_an_economy_only_where_nothing_else_is_told(good):
    text = f"Ekonomi politikası konuşuldu, Peru'nun {good} 2023'te yüzde 7 büyüdü."
    assert told("tr", text, "indicator") != [("gdp",)]


@pytest.mark.parametrize(("word", "code"), [("Nijerya'nın", "NGA"), ("Nijer'in", "NER")])
def test_the_longer_name_of_two_states_wins(word, code):
    assert told("tr", f"{word} ihracatı 2023'te 5 milyar dolar oldu.", "subject") == [(code,)]


@pytest.mark.parametrize("verb", ["artarak", "azalarak"])
def test_a_change_against_the_year_before_is_published(verb):
    text = f"Peru'nun Çin'e ihracatı 2023'te bir önceki yıla göre yüzde 7 {verb} 9 milyar dolar oldu."
    assert told("tr", text, "kind", "published") == [("change_pct", True), ("level", True)]


@pytest.mark.parametrize("month", ["nisan ayında", "mayısta"])
@pytest.mark.parametrize(("gen", "_dat", "_nom", "code"), TR)
def test_a_day_behind_a_month_is_a_rate(gen, _dat, _nom, code, month):
    text = f"{gen} petrol üretimi {month} günlük 2 milyon varile ulaştı."
    assert told("tr", text, "subject", "value", "rate") == [(code, 2e6, "d")]


@pytest.mark.parametrize(
    ("verb", "modality"), [("gönderilecek", "plan"), ("ihraç edecek", "plan"), ("gerileyecek", "forecast")]
)
def test_front_vowels_have_a_future_too(verb, modality):
    figure = "2 milyon tona" if verb == "gerileyecek" else "2 milyon ton bakır"
    text = (
        f"Peru'nun Çin'e ihracatı {figure} {verb}."
        if verb == "gerileyecek"
        else f"Peru'dan Çin'e {figure} {verb}."
    )
    assert told("tr", text, "modality") == [(modality,)]


def test_what_can_be_renewed_is_no_forecast():
    text = "Fas elektriğin yüzde 38'ini yenilenebilir kaynaklardan üretti."
    assert told("tr", text, "modality") == [("actual",)]


@pytest.mark.parametrize(
    ("text", "language"), [("Çatışmada 15 asker öldü.", "tr"), ("Ұрыста 15 сарбаз қаза тапты.", "kk")]
)
def test_the_dead_are_no_personnel(text, language):
    assert [indicator for (indicator,) in told(language, text, "indicator")] in ([None], [])


@pytest.mark.parametrize(("name", "code"), [("Германияның", "DEU"), ("Жапонияның", "JPN")])
@pytest.mark.parametrize("than", ["өткен аймен салыстырғанда", "алдыңғы аймен салыстырғанда"])
def test_a_month_set_against_the_one_before(name, code, than):
    text = f"{name} экспорты сәуірде {than} 2 пайызға өсті."
    assert told("kk", text, "subject", "kind", "period") == [(code, "change_pct", "2024-04")]


@pytest.mark.parametrize(("verb", "indicator"), [("жеткізілді", "export"), ("жеткізілген", "export")])
def test_what_is_delivered_is_sent(verb, indicator):
    text = f"2023 жылы Норвегиядан Германияға 2 млн тонна мыс {verb}."
    assert told("kk", text, "indicator", "subject", "partners") == [(indicator, "NOR", ("DEU",))]


def test_what_is_conveyed_is_said():
    text = "Норвегия 2023 жылы 2 млн тонна мыс өндірді деп жеткізді министр."
    assert told("kk", text, "indicator", "subject") == [("production", "NOR")]


@pytest.mark.parametrize("n", [300, 500])
@pytest.mark.parametrize("word", ["Жобаға", "Бағдарламаға"])
def test_what_goes_by_a_project_is_not_its_cost(n, word):
    claims = told("kk", f"{word} сәйкес әр ауданға {n} млн теңге бөлінді.", "indicator", "published")
    assert claims == [(None, False)]
