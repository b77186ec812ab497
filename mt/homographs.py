"""Words of English and Portuguese that are spelt like a word of another part of speech: written by hand, not tuned."""

from __future__ import annotations

_ENGLISH_FUNCTION_WORDS = """
a about after all am an and any are as at back be been before being but by can could did do does done down even
every few for from get go goes going gone got had has have having he her here him his how i if in into is it its
just last less let like made make many may me might mine more most much must my near need new next no none nor not
now of off on one only or other our out over own same say see shall she should since so some such than that the
their them then there these they this those through till to too under until up us use very was we well were what
when where which while who why will with would yes yet you your
"""
_PORTUGUESE_FUNCTION_WORDS = """
a agora ali antes ao aos aqui as até bem cada com como da das de dele dentro depois deve do dos e ela ele em entre
era está estão eu faz fez foi fora hoje há isso isto já lhe lá mais mal mas me mesma mesmo muita muito na nada nas
nem no nos nós o onde ontem os ou outra outro para pela pelo pode pois por porque pouco qual quando que quem se sem
ser seu sob sobre sua são só tem ter toda todo tudo um uma vai vamos vão à às é
"""
_ENGLISH_HOMOGRAPHS = """
access act address advance aim answer appeal approach attack award balance bank bar base bat bear beat bend bid bill
bind bit block board book boost border bore bound box brake branch break bridge brief broadcast brush budget build
bundle burn cache call camp cap care cast catch cause chair challenge change charge chart chat check claim class
clean clear clip close cloud coach coat code combat comment commit complete compound conduct conflict content
contract contrast control convert cook cool copy cost count cover crack craft crash credit crop cross crowd cure
current cut cycle damage date deal debate decline default defect delay delegate demand deposit desert design detail
dial direct discharge discount dispatch display dispute dock document dose double draft drain draw dream dress drill
drink drive drop dry dump ease echo edge edit effect end engineer escape estimate exchange excuse exercise exhibit
exit experience experiment export express extract eye face fall farm fast fault favor fear feature feed felt fight
figure file fill film filter final find fine finish fire firm fish fit fix flag flash flat float flood flow fly
focus fold force forecast fork form found frame free freeze fuel function fund gain gas gate gear grade grant graph
ground group guarantee guard guess guide hand handle harm harvest head heat help hike hit hold hook hope host house
hunt ice impact implement import increase index influence insert interest interface interview invoice iron issue jam
judge jump key kick kind label lack land launch lay lead leak lean lease leave left level lie lift light limit line
link list live load loan lock log look loop love mail major map march mark market mask master match matter mean
measure meet mention merge mind minute miss mix model monitor mount move name net network note notice number object
offer oil open order overlap pace pack package paint pair panic park part pass patch patent patient pause pay peak
permit phase phone pick pilot pin pipe pitch place plan plant plate play plot plug point poison poll pool port pose
position post pound power practice present press price print probe process produce profile program progress project
promise protest pull pump purchase push query queue quote race rain raise range rank rate reach read rebound record
recruit refund refuse reject release rent repair repeat reply report request rescue research reserve reset rest
result retreat return review reward ride right ring rise risk rock roll root rose round route row rule run rush sail
sample save saw scale scan schedule scope score screen seal search seat second sense sentence separate sequence
serve service set shake shape share shed shell shelter shift ship shock shoot shop short shout show sign signal
silence sink sketch skip sleep slice slide slip slope smoke sort sound source space spare speed spell spend spin
split spoke sponsor spot spray spread spring square stack stage stain stake stamp stand star start state stay steam
stem step stick stock stop store storm strain stream stress stretch strike string strip stroke structure study
subject suit supply support surface surge survey suspect swap sweep swing switch table tag talk tank tap target task
taste tax tear term test thought thread throw ticket tie time tip tire title token tool top total touch tour trace
track trade trail train transfer transform transport trap travel treat trial trigger trip trouble trust try tune
turn twist type update upgrade upload upset value view visit voice volume vote wait walk wall warm wash waste watch
water wave wear weather wheel wind wing wire wish witness work wound wrap yield
"""
_PORTUGUESE_HOMOGRAPHS = """
abraço abuso acerto acertos acordo acordos ajuda ajuste ajustes alcance apelo apelos aperto apoio apoios aposta
apostas arquivo arquivos arranjo assalto atalho ataque ataques atraso atrasos aumento aumentos aviso avisos balanço
banho base bases beijo bloqueio bloqueios boicote brilho busca buscas cadastro cadastros caminho caminhos canto
cantos captura capturas carga cargas casa casas caso casos causa causas cedo cerca cercas chamada chamadas chute
cobra cobras cola coleta coletas comando comandos combate começo comida compra compras conserto consertos consulta
consultas consumo conta contas contato contatos conto contos contrato contratos controle controles conversa
conversas convite convites corrida corte cortes cota cotas crítica críticas cultivo cura curva curvas custo custos
data datas debate debates demanda demandas descarga descarte desconto descontos desejo desenho desenhos desfile
despacho despachos despejo destaque desvio desvios disputa disputas dúvida embarque embarques empate emprego
empregos encargo encomenda encomendas encontro encontros ensaio ensaios ensino enterro entrada entradas entrega
entregas envio envios erro erros escala escalas escolha escolhas esforço esforços espelho espera estoque estoques
estrago estudo estudos fala falas falha falhas falta faltas filtro filtros fim firma firmas folga folgas forma
formas força forças fumo furo furos furto ganho ganhos gasto gastos giro giros governo governos grito grupo guarda
guardas guia guias incentivo incentivos insulto jantar jogo jogos juro juros lance lances liga ligas limite limites
lista listas livre livro livros luta lutas manga mangas manobra manobras marca marcas medida medidas melhora
melhoras meta metas mina minas mistura mostra mostras motivo motivos mudo multa multas nota notas obra obras oferta
ofertas olhar orgulho paga pagamento palpite parada paradas parte partes partida partidas passo passos pausa pausas
pena penas perda pergunta perguntas peso pesos pesquisa pesquisas peça peças piso pisos planta plantas poda poder
ponto pontos porta portas pouso preparo preço processo processos procura progresso projeto projetos protesto
protestos prova provas pulo queda queixa queixas receita receitas recheio recurso recursos reforma reformas registro
registros relato relatos renda rendas reparo reparos repasse repasses reserva reservas resgate resgates resumo
resumos retorno retornos rio rios risco riscos roda rodas roubo roubos rumo saia saias saldo saldos salto saltos
saque saques saída saídas segundo segundos seguro seguros sobra sobras soma somas sonho sonhos sorteio sorteios
suspeita suspeitas tampa taxa taxas tempero termo termos teste testes tiro tiros toque toques trabalho trabalhos
trama tranca transporte transportes trança trato trava travas treino treinos triunfo troca trocas troco trocos uso
usos vaga vagas vale vales varejo vela velas venda vendas verso versos viagem vigia vinho visita visitas vista volta
voltas voto votos vício
"""
_ENGLISH_PHRASES = """
a bit, a lot, at all, at last, at least, by chance, by far, for example, for instance, for sure, in addition, in case,
in charge, in fact, in general, in order, in part, in place, in terms, in turn, of course, on purpose, on time
"""
_PORTUGUESE_PHRASES = """
a partir, ao passo, às vezes, com certeza, de acordo, de conta, de fato, de forma, de novo, de vez, em caso, em conta,
em geral, em parte, por causa, por conta, por exemplo, por parte, sem falta, à parte, à vista
"""

FUNCTION_WORDS = {
    "en": frozenset(_ENGLISH_FUNCTION_WORDS.split()),
    "pt": frozenset(_PORTUGUESE_FUNCTION_WORDS.split()),
}
"""they are terms only where nothing else is possible"""

HOMOGRAPHS = {"en": frozenset(_ENGLISH_HOMOGRAPHS.split()), "pt": frozenset(_PORTUGUESE_HOMOGRAPHS.split())}
"""nouns that are verbs too, or adjectives: Portuguese ones in each form that is both"""

SET_PHRASES = {
    language: frozenset(tuple(phrase.split()) for phrase in phrases.split(","))
    for language, phrases in (("en", _ENGLISH_PHRASES), ("pt", _PORTUGUESE_PHRASES))
}
"""pairs of words whose second one does not mean what it means elsewhere"""
