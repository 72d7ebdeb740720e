"""What Turkish and Kazakh prose calls the things that are measured: many words for one indicator; with twins."""

from __future__ import annotations

import pytest

from kopir.evidence import read_text

DATE = "2023-09-14"
TR = [
    ("Kenya", "Kenya'nın", "Kenya'ya", "Kenya'dan", "KEN"),
    ("Estonya", "Estonya'nın", "Estonya'ya", "Estonya'dan", "EST"),
]
KK = [
    ("Польша", "Польшаның", "Польшаға", "Польшадан", "POL"),
    ("Кения", "Кенияның", "Кенияға", "Кениядан", "KEN"),
]
TURKISH = [
    ("{gen} dış satımı 2019'da 6 milyar doları aştı.", "export", "own"),
    ("{nom} 2019'da yurt dışına 2 milyon ton kahve sattı.", "export", "own"),
    ("{gen} dış alımı 2019'da 60 milyar dolara ulaştı.", "import", "own"),
    ("{gen} yurt dışından aldığı kömür 2019'da 230 milyon tona çıktı.", "import", "own"),
    ("{nom} 2019'da 760 bin ton bakır çıkardı.", "production", "own"),
    ("{nom} 2019'da 3 milyon ton çelik üretmiş.", "production", "own"),
    ("{nom} yılda 4 milyon ton çimento üretir.", "production", "own"),
    ("{gen} kurulu gücü 1200 megavat.", "capacity", "own"),
    ("{gen} vergi hasılatı 2019'da 8 milyar avroya yükseldi.", "tax_revenue", "own"),
    ("{gen} dış ticaret açığı 2019'da 3 milyar dolara çıktı.", "trade_balance", "own"),
    ("{gen} ekonomisi 2019'da yüzde 7 genişledi.", "gdp", "own"),
    ("{nom} 2019'da 1,3 milyar dolar yabancı sermaye çekti.", "investment_flow", None),
    ("{nom} depremzedeler için 10 milyon dolar bağışladı.", "financing_pledged", "own"),
    ("{nom} 2019'da 30 milyon konuk ağırladı.", "tourists", None),
    ("{nom} 12 helikopter sipariş etti.", "purchase_count", "own"),
    ("{gen} elektriğinin yüzde 30'u rüzgardan elde ediliyor.", "other_share", "own"),
    ("Tarım {gen} GSYH'sinin yüzde 12'sini oluşturuyor.", "other_share", "own"),
]
PLAIN_TURKISH = [
    ("Köprü 450 milyon dolara mal oldu.", "project_value"),
    ("Havalimanının inşası için 3 milyar avro harcandı.", "project_value"),
    ("2 milyar dolarlık baraj 2019'da bitti.", "project_value"),
    ("Stadyum için 90 milyon avro ayrıldı.", "project_value"),
    ("Tünel 3,5 kilometre uzunluğunda.", "dimension"),
    ("9000 ton ağırlığındaki gemi limana yanaştı.", "dimension"),
    ("Deprem 6 milyar dolarlık hasara yol açtı.", "economic_loss"),
    ("Şirket 300 milyon dolar para cezasına çarptırıldı.", "penalty"),
    ("Depoda 12 bin ton fındık bulunuyor.", "stocks"),
    ("Yatırımla 1500 yeni iş yaratılacak.", "jobs"),
    ("Boru hattı yılda 16 milyar metreküp gaz taşıyacak.", "gas_transit"),
    ("Dolar 5,40 liradan işlem görüyor.", None),
    ("Net kâr 30 milyon dolar oldu.", None),
]
KAZAKH = [
    ("{nom} былтыр 60 млн тонна көмір қазып алды.", "production", "own"),
    ("{gen} газ сатуы былтыр 5 млрд текше метрге жетті.", "export", "own"),
    ("{nom} сырттан 2 млн тонна бидай әкелді.", "import", "own"),
    ("{nom} жыл сайын 11 млн тонна мұнай өнімдерін тұтынады.", "consumption", "own"),
    ("{nom} сырттан алынған 3 млн тонна көмірге мұқтаж.", "import", "own"),
]
PLAIN_KAZAKH = [
    ("Зауыт жылына 200 мың тонна болат қорытады.", "production"),
    ("Шаруалар биыл 17 млн тонна астық бастырды.", "production"),
    ("Зауытта жылына 20 мың көлік құрастырылады.", "production"),
    ("Стадион 40 миллион еуроға салынды.", "project_value"),
    ("3 миллиард долларлық зауыт былтыр іске қосылды.", "project_value"),
    ("Қоймаларда 2 млн тонна астық сақтаулы тұр.", "stocks"),
    ("Өткен жылы қаланы 4 млн қонақ тамашалады.", "tourists"),
    ("Елге биыл 3 млн тонна жанармай қажет.", "consumption"),
    ("Кеменің ұзындығы 300 метр.", "dimension"),
    ("Таза табысы 30 млн доллар болды.", None),
]


def told(language, text, *slots, date=DATE):
    claims = read_text(text, language=language, date=date).claims
    return [tuple(getattr(claim, slot) for slot in slots) for claim in claims]


@pytest.mark.parametrize(("nom", "gen", "_dat", "_abl", "code"), TR)
@pytest.mark.parametrize(("text", "indicator", "whose"), TURKISH)
def test_turkish_words_for_an_indicator(nom, gen, _dat, _abl, code, text, indicator, whose):
    found = told("tr", text.format(nom=nom, gen=gen), "indicator", "subject")
    assert len(found) == 1
    assert found[0][0] == indicator
    assert whose is None or found[0][1] == code


@pytest.mark.parametrize(("text", "indicator"), PLAIN_TURKISH)
def test_turkish_words_without_an_actor(text, indicator):
    assert told("tr", text, "indicator") == [(indicator,)]


@pytest.mark.parametrize(("nom", "gen", "_dat", "_abl", "code"), KK)
@pytest.mark.parametrize(("text", "indicator", "whose"), KAZAKH)
def test_kazakh_words_for_an_indicator(nom, gen, _dat, _abl, code, text, indicator, whose):
    assert told("kk", text.format(nom=nom, gen=gen), "indicator", "subject") == [(indicator, code)]


@pytest.mark.parametrize(("text", "indicator"), PLAIN_KAZAKH)
def test_kazakh_words_without_an_actor(text, indicator):
    assert told("kk", text, "indicator") == [(indicator,)]


@pytest.mark.parametrize(("nom", "_gen", "_dat", "abl", "code"), TR)
@pytest.mark.parametrize(("good", "unit"), [("kömür", "ton"), ("boksit", "ton"), ("ham petrol", "varil")])
def test_the_verb_of_raising_also_brings_out_of_the_ground(nom, _gen, _dat, abl, code, good, unit):
    assert told("tr", f"{nom} 2019'da 3 milyon {unit} {good} çıkardı.", "kind", "value", "subject") == [
        ("level", 3e6, code)
    ]
    raised = told("tr", f"{nom} {good} üretimini 3 milyon {unit}a çıkardı.".replace("varila", "varile"), "kind")
    assert raised == [("level",)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Seçmenlerin yüzde elli sekizi gelmedi.", 58.0),
        ("Seçmenlerin yüzde otuz ikisi gelmedi.", 32.0),
        ("İhracat yüzde kırk beşe çıktı.", 45.0),
    ],
)
def test_the_last_numeral_bears_a_case(text, value):
    assert told("tr", text, "value") == [(value,)]


def test_a_numeral_of_kind_is_no_number():
    assert told("tr", "İkili anlaşmalar imzalandı.", "value") == []


@pytest.mark.parametrize("word", ["anlaşma", "proje", "gemi"])
def test_the_article_counts_nothing(word):
    assert told("tr", f"Bu önemli bir {word} olarak anılıyor.", "value") == []


@pytest.mark.parametrize("noun", ["turist", "öğrenci", "asker"])
def test_a_number_told_after_its_noun(noun):
    assert told("tr", f"Gelen {noun} sayısı 2019'da 82 bine ulaştı.", "value", "unit") == [(82e3, "person")]


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("Nüfusun yüzde 70'inden fazlası köylerde yaşıyor.", "gt"),
        ("Nüfusun yüzde 20'sinden biraz fazlası göçtü.", "gt"),
        ("Yüzde 20'den yüksek işsizlik oranı var.", "gt"),
        ("Yüzde 12'den düşük işsizlik oranı var.", "lt"),
        ("Bedel 5 milyon avro ve üzeri olacak.", "ge"),
        ("Ortalama 15 bin dolar ödendi.", "eq"),
        ("Kentin %42 kadarı göçmen.", "approx"),
    ],
)
def test_bounds(text, comparator):
    assert told("tr", text, "comparator") == [(comparator,)]


@pytest.mark.parametrize(
    ("text", "lo", "hi"),
    [
        ("Çikolatada %60-%75 arası kakao var.", 60.0, 75.0),
        ("Buğdayın tonu 200 ile 250 dolar arasında satıldı.", 200.0, 250.0),
    ],
)
def test_two_ends_with_among(text, lo, hi):
    assert told("tr", text, "comparator", "lo", "hi") == [("range", lo, hi)]


@pytest.mark.parametrize(("_nom", "gen", "_dat", "_abl", "code"), TR)
def test_new_things_are_no_yen(_nom, gen, _dat, _abl, code):
    claims = told("tr", f"{gen} 2019'da 40 binden fazla yeni vaka bildirdiği açıklandı.", "unit")
    assert claims == [("case",)]


@pytest.mark.parametrize(("_nom", "gen", "_dat", "_abl", "code"), TR)
@pytest.mark.parametrize(
    ("words", "period"), [("yılın ilk ayında", "2023-01"), ("2021 yılının ikinci ayında", "2021-02")]
)
def test_a_month_by_its_place_in_the_year(_nom, gen, _dat, _abl, code, words, period):
    assert told("tr", f"{gen} ihracatı {words} 5 milyar dolar oldu.", "subject", "period") == [(code, period)]


@pytest.mark.parametrize(("_nom", "gen", "_dat", "_abl", "code"), KK)
def test_a_month_by_its_place_in_the_year_in_kazakh(_nom, gen, _dat, _abl, code):
    text = f"{gen} экспорты 2021 жылдың бірінші айында 5 млрд доллар болды."
    assert told("kk", text, "subject", "period") == [(code, "2021-01")]


@pytest.mark.parametrize(("buyer", "bought"), [("Norsk Hydro", "Alumetal"), ("Meridian Holding", "Telsonic")])
@pytest.mark.parametrize(
    "text",
    [
        "{bought}, 2019 yılında {buyer} tarafından 3 milyar dolara satın alındı.",
        "{buyer}, {bought}'i 2019'da 3 milyar dolara aldı.",
    ],
)
def test_who_takes_over_whom(buyer, bought, text):
    found = told("tr", text.format(buyer=buyer, bought=bought), "indicator", "subject", "partners", "period")
    subject = buyer.removesuffix(" Holding").replace(" ", "_")
    assert len(found) == 1
    assert found[0][0] == "deals_value"
    assert found[0][1].startswith(subject)
    assert found[0][2:] == ((bought,), "2019")


@pytest.mark.parametrize(("nom", "_gen", "dat", "abl", "code"), TR)
def test_duties_are_laid_on_imports(nom, _gen, dat, abl, code):
    text = f"{nom} 30 milyar dolarlık Çin ürününe yüzde 10 ek gümrük vergisi koydu."
    assert told("tr", text, "indicator", "subject", "partners")[0] == ("import", code, ("CHN",))
    assert told("tr", text, "indicator")[1] == (None,)


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("tr", "Pazarda bir kilo üzüm 40 liraya satılıyor.", 40e3, "TRY/t"),
        ("tr", "1 litre süt 15 lira.", 15.0, "TRY/l"),
        ("kk", "Базарда бір келі қант 500 теңгеден сатылуда.", 500e3, "KZT/t"),
        ("kk", "1 литр сүт 300 теңге болды.", 300.0, "KZT/l"),
        ("tr", "Kalayın tonu dün Londra borsasında 6.200 dolara geriledi.", 6200.0, "USD/t"),
    ],
)
def test_what_one_measure_of_a_good_costs(language, text, value, unit):
    assert told(language, text, "indicator", "value", "unit") == [("price", value, unit)]


@pytest.mark.parametrize(("nom", "_gen", "dat", "abl", "code"), TR)
def test_who_is_paid_and_who_orders(nom, _gen, dat, abl, code):
    text = f"{nom}, Norsk Holding'e 12 helikopter siparişi verdi."
    assert told("tr", text, "indicator", "subject", "partners") == [("purchase_count", code, ("Norsk_Holding",))]
    text = f"Norsk Holding, {abl} 40 milyon dolarlık radar sözleşmesi kazandı."
    assert told("tr", text, "indicator", "subject", "partners") == [("deals_value", code, ("Norsk_Holding",))]


@pytest.mark.parametrize(("nom", "_gen", "dat", "_abl", "code"), KK)
@pytest.mark.parametrize("verb", ["бөлді", "бөлмек", "аударды"])
def test_money_allotted_to_another_state_is_finance(nom, _gen, dat, _abl, code, verb):
    text = f"Норвегия {dat} 70 млн доллар {verb}."
    assert told("kk", text, "indicator", "subject", "partners") == [("financing_pledged", "NOR", (code,))]


@pytest.mark.parametrize(("_nom", "_gen", "dat", "_abl", "code"), TR)
def test_who_comes_need_not_be_named(_nom, _gen, dat, _abl, code):
    text = f"{dat} 2019'da 13 milyon ziyaretçi geldi."
    [(indicator, subject, partners, withheld)] = told("tr", text, "indicator", "subject", "partners", "withheld")
    assert (indicator, subject, partners) == ("tourists", None, (code,))
    assert all(why.startswith("confidence") for why in withheld)


@pytest.mark.parametrize(("_nom", "gen", "_dat", "_abl", "code"), TR)
def test_an_office_does_not_hide_what_it_tells_of(_nom, gen, _dat, _abl, code):
    text = f"{gen} parlamentosu 2019'da bütçe açığının 2 milyar dolar olduğunu bildirdi."
    assert told("tr", text, "indicator", "value") == [("budget_balance", -2e9)]


def test_a_year_in_a_case_counts_nothing():
    assert told("tr", "2018'de ülkeye 3 milyon turist geldi.", "value") == [(3e6,)]


@pytest.mark.parametrize("firm", ["Toyota", "Fiat"])
def test_a_name_may_own_a_plant(firm):
    text = f"{firm}'nın Kenya'daki fabrikası 2019'da 150 bin otomobil üretti."
    assert told("tr", text, "indicator", "subject") == [("production", firm)]


@pytest.mark.parametrize("firm", ["Norsk", "Telsonic"])
def test_what_a_part_is_had_of_is_held(firm):
    text = f"Şirket {firm}'in yüzde 66'sına sahip oldu."
    assert told("tr", text, "indicator", "subject", "partners") == [("ownership_share", None, (firm,))]


@pytest.mark.parametrize(("nom", "_gen", "_dat", "_abl", "code"), TR)
def test_who_spends_on_works(nom, _gen, _dat, _abl, code):
    text = f"{nom}, limanın inşası için 3 milyar dolar harcadı."
    assert told("tr", text, "indicator", "subject") == [("project_value", code)]
    text = f"{nom} kıyısında limanın inşası için 3 milyar dolar harcandı."
    assert told("tr", text, "indicator", "subject") == [("project_value", None)]


@pytest.mark.parametrize(("nom", "_gen", "_dat", "_abl", "code"), KK)
def test_who_spends_on_works_in_kazakh(nom, _gen, _dat, _abl, code):
    text = f"{nom} компаниясы жобаны жүзеге асыруға 250 млн теңге жұмсапты."
    assert told("kk", text, "indicator", "subject") == [("project_value", code)]


@pytest.mark.parametrize(("_nom", "gen", "_dat", "_abl", "code"), TR)
def test_a_budget_has_revenue_and_a_gap(_nom, gen, _dat, _abl, code):
    text = f"{gen} bütçesinde 2025 yılı için 11 milyar avroluk gelir ve 4 milyar avroluk açık hedefleniyor."
    assert told("tr", text, "indicator", "value", "period", "modality") == [
        ("budget_revenue", 11e9, "2025", "target"),
        ("budget_balance", -4e9, "2025", "target"),
    ]


@pytest.mark.parametrize("verb", ["ашылады", "құрылады"])
def test_jobs_to_come_are_a_plan(verb):
    assert told("kk", f"Облыста 6 мың жаңа жұмыс орны {verb}.", "indicator", "modality") == [("jobs", "plan")]


@pytest.mark.parametrize(("text", "value"), [("39,900 kişi geldi.", 39900.0), ("1,701 varil bulundu.", 1701.0)])
def test_a_comma_of_thousands_before_what_is_counted(text, value):
    assert told("tr", text, "value") == [(value,)]


def test_the_cost_of_arms_that_nobody_trades_is_no_export():
    assert told("kk", "Қаруды жоюға 1 млрд доллар кетеді.", "indicator") != [("arms_export",)]
    text = "Норвегия Кенияға 1 млрд доллардың қаруын сатты."
    assert told("kk", text, "indicator", "subject", "partners") == [("arms_export", "NOR", ("KEN",))]


@pytest.mark.parametrize(
    ("language", "name", "code"),
    [("tr", "Makedonya", "MKD"), ("tr", "Beyaz Rusya", "BLR"), ("kk", "Гана", "GHA"), ("kk", "Палестина", "PSE")],
)
def test_states_by_their_other_names(language, name, code):
    text = f"{name} 2019'da 3 milyon ton buğday ithal etti."
    text = text if language == "tr" else f"{name} 2019 жылы 3 млн тонна бидай импорттады."
    assert told(language, text, "subject") == [(code,)]


@pytest.mark.parametrize(
    "text", ["Жобаның құны {n} миллиард теңгені құрайды.", "Құрылыс құны — {n} миллиард теңге."]
)
@pytest.mark.parametrize("n", [3, 48])
def test_what_a_work_costs_stands_by_itself(text, n):
    [(indicator, value, published)] = told("kk", text.format(n=n), "indicator", "value", "published")
    assert (indicator, value, published) == ("project_value", n * 1e9, True)


def test_a_fine_on_nobody_named_needs_no_payer():
    [(indicator, withheld)] = told("kk", "Сотталған адам 5 млн теңге өтемақы төледі.", "indicator", "withheld")
    assert indicator == "penalty"
    assert all(why.startswith("confidence") for why in withheld)


@pytest.mark.parametrize(
    ("text", "indicator", "subject", "partners"),
    [
        ("Қытай компаниялары Кения экономикасына 8 млрд доллар салды.", "investment_flow", "CHN", ("KEN",)),
        ("Тәжікстан Ауғанстанға 2 млрд кВт/сағ электр қуатын экспорттайды.", "export", "TJK", ("AFG",)),
        (
            "Еуропа қайта құру және даму банкі Грузияға 90 млн еуро қарыз бермек.",
            "financing_pledged",
            "EBRD",
            ("GEO",),
        ),
        ("Автомобиль жолдарының ұзындығы — 45 мың километр.", "dimension", None, ()),
    ],
)
def test_words_inside_other_words(text, indicator, subject, partners):
    assert told("kk", text, "indicator", "subject", "partners") == [(indicator, subject, partners)]


@pytest.mark.parametrize("good", ["Қант", "Күріш"])
def test_prices_that_soar(good):
    assert told("kk", f"{good} бағасы 40 пайызға шарықтады.", "indicator", "kind") == [("price", "change_pct")]


@pytest.mark.parametrize(("nom", "gen", "_dat", "_abl", "code"), TR)
def test_a_level_at_the_end_of_a_span_is_not_of_the_span(nom, gen, _dat, _abl, code):
    text = f"{gen} ihracatı son beş yılda ikiye katlanarak 3 milyar dolara ulaştı."
    assert told("tr", text, "kind", "published")[1] == ("level", False)


@pytest.mark.parametrize(("nom", "gen", "_dat", "_abl", "code"), TR)
def test_a_state_may_grow(nom, gen, _dat, _abl, code):
    assert told(
        "tr", f"{gen} 2025'te yüzde 6 büyüyeceği tahmin ediliyor.", "indicator", "subject", "modality"
    ) == [("gdp", code, "forecast")]


@pytest.mark.parametrize(("nom", "gen", "_dat", "abl", "code"), TR)
def test_what_works_are_for_is_not_what_is_given(nom, gen, _dat, abl, code):
    text = f"Norsk Bankası, {nom}'daki köprünün inşası için 30 milyon avro kredi veriyor."
    assert told("tr", text, "indicator") == [("financing_pledged",)]
    assert told("tr", "60 köprünün onarımına 35 milyon avro yatırım yapılacak.", "indicator")[-1] == (
        "investment_flow",
    )


@pytest.mark.parametrize(("nom", "_gen", "dat", "_abl", "code"), KK)
@pytest.mark.parametrize("verb", ["салды", "салады", "құйды"])
def test_what_a_state_puts_in_is_a_flow(nom, _gen, dat, _abl, code, verb):
    text = f"Норвегия {dat} 4 млрд доллар инвестиция {verb}."
    assert told("kk", text, "indicator", "subject", "partners") == [("investment_flow", "NOR", (code,))]


@pytest.mark.parametrize(("good", "commodity"), [("Kalayın", "tin"), ("Nikelin", "nickel")])
def test_a_good_in_a_name_is_not_the_one_that_is_priced(good, commodity):
    text = f"{good} tonu Londra Metal Borsası'nda 6.200 dolara geriledi."
    assert told("tr", text, "indicator", "commodity") == [("price", commodity)]


@pytest.mark.parametrize(("good", "commodity"), [("kömür", "coal"), ("demir cevheri", "iron_ore")])
@pytest.mark.parametrize("pits", ["ocakları", "ocaklarında"])
def test_pits_are_no_january(good, commodity, pits):
    text = f"Polonya {pits} 2 milyon ton {good} üretti."
    assert told("tr", text, "period", "commodity", "published") == [(None, commodity, False)]


@pytest.mark.parametrize("month", ["ocakta", "Ocak'ta", "ocak ayında"])
def test_january_is_a_month(month):
    text = f"Şili {month} 5 milyar dolarlık kalay ihraç etti."
    assert told("tr", text, "period", "published") == [("2023-01", True)]


@pytest.mark.parametrize("who", ["Maliye Bakanlığı", "Maliye Bakanı", "Maliye Bakanlığı'na göre hükümet"])
def test_the_treasury_is_no_state(who):
    text = f"{who} 2019 yılında 5 milyar dolar borç aldı."
    assert told("tr", text, "subject", "partners") == [(None, ())]


@pytest.mark.parametrize(
    ("mali", "own", "partners"), [("Mali'nin", "MLI", ()), ("Peru'nun Mali'ye", "PER", ("MLI",))]
)
def test_mali_is_a_state(mali, own, partners):
    text = f"{mali} ihracatı 2019 yılında 5 milyar dolar oldu."
    assert told("tr", text, "subject", "partners") == [(own, partners)]
