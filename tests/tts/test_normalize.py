import pytest

from tts.normalize import normalize


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Custa R$ 25,50 hoje", "Custa 25 reais e 50 centavos hoje"),
        ("R$ 1", "1 real"),
        ("R$ 1.250.000,00", "1.250.000 reais"),
        ("R$ 2 milhões", "2 milhões de reais"),
        ("R$ 3,5 mil", "3,5 mil reais"),
        ("US$ 30 e € 20", "30 dólares e 20 euros"),
        ("em 15/03/2024", "em 15 de março de 2024"),
        ("em 01/05/2024", "em primeiro de maio de 2024"),
        ("em 2024-05-02", "em 2 de maio de 2024"),
        ("às 14h30.", "às 14 e 30."),
        ("às 14:00", "às 14 horas"),
        ("às 2h", "às duas horas"),
        ("à 1h", "à uma hora"),
        ("60 km/h em 10 km", "60 quilômetros por hora em 10 quilômetros"),
        ("1 kg e 30 m²", "1 quilo e 30 metros quadrados"),
        ("50-60 pessoas", "50 a 60 pessoas"),
        ("de -3 graus", "de menos 3 graus"),
        ("3/4 da sala", "três quartos da sala"),
        ("a Dra. Ana e o Sr. Luís", "a doutora Ana e o senhor Luís"),
        ("ana.lima@exemplo.com.br", "ana ponto lima arroba exemplo ponto com ponto br"),
        ("veja https://www.exemplo.com/ajuda.", "veja exemplo ponto com barra ajuda."),
        ("o IBGE e o DNA", "o i bê gê é e o dê êne á"),
        ("a IA nos EUA", "a i á nos é u á"),
        ("isso, é, é bom. É.", "isso, éh, é bom. éh."),
        ("É? “É!”", "éh? “éh!”"),
        ("E, no fim, à tarde, e, à", "i, no fim, à tarde, i, a"),
        ("as turmas D, E, F e a E. coli", "as turmas D, E, F e a E. coli"),
        ("a ONU e o PIB", "a ONU e o PIB"),
        ("subiu 12,5% para 1.250", "subiu 12,5% para 1.250"),
    ],
)
def test_portuguese(written: str, spoken: str) -> None:
    assert normalize(written, "pt-BR") == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It costs $25.50 now", "It costs 25 dollars and 50 cents now"),
        ("$1", "1 dollar"),
        ("$1.5 million", "1.5 million dollars"),
        ("£5 or R$ 30", "5 pounds or 30 reais"),
        ("on 03/15/2024", "on March 15, 2024"),
        ("on 15/03/2024", "on March 15, 2024"),
        ("at 2:30 pm", "at 2 30 pm"),
        ("at 2:05", "at 2 oh 5"),
        ("at 9:00, sharp", "at 9 o'clock, sharp"),
        ("at 9:00 am", "at 9 am"),
        ("60 km/h or 1 mph", "60 kilometers per hour or 1 mile per hour"),
        ("pages 5–10", "pages 5 to 10"),
        ("the 1990s", "the 19 nineties"),
        ("Dr. Smith vs. No. 5", "Doctor Smith versus number 5"),
        ("cats and/or dogs", "cats and or dogs"),
        ("NASA, the UN and 1,250 others", "NASA, the UN and 1,250 others"),
    ],
)
def test_english(written: str, spoken: str) -> None:
    assert normalize(written, "en") == spoken


def test_what_looks_like_a_date_or_time_but_is_none_stays() -> None:
    assert normalize("45/45/2024", "en") == "45 slash 45 slash 2024"
    assert normalize("the ratio 31:75", "en") == "the ratio 31:75"


def test_a_language_without_tables_is_left_alone() -> None:
    assert normalize("am 15/03/2024 für 5 €", "de") == "am 15/03/2024 für 5 €"
