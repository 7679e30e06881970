/** Frequent words that tell a language from its neighbours, by the name that PostgreSQL gives its rules. */
const WORDS: Readonly<Record<string, string>> = {
  english: 'the of and to in is that for with was are this have from be it not by which their',
  german: 'der die und das ist nicht mit den von sich auf für ein eine dem auch wird werden oder bei',
  french: 'le la les des et est dans une pour que qui sur pas plus avec ce sont par du au',
  spanish: 'el la los las que de y en una por con para es se del como más su al pero',
  italian: 'il di che la è per una non con del sono della gli nel anche più alla dei ha questo',
  portuguese: 'o a os que de e em um uma para com não por mais dos da ao como são foi',
  dutch: 'de het een en van is dat op te niet zijn voor met die worden aan ook door bij naar',
  swedish: 'och att det som en är av för på med den till inte har ett om kan från eller vi',
  danish: 'og at det som en er af for på med den til ikke har et om kan fra eller der sig efter op nu',
  norwegian: 'og at det som en er av for på med den til ikke har et om kan fra eller ble seg etter opp nå',
  finnish: 'ja on ei että oli se hän joka mutta ovat kun myös niin kuin tai voi ole sen mukaan',
  russian: 'и в не на что с по это как из у за от для но к так его то все',
};
const FREQUENT = new Map(Object.entries(WORDS).map(([language, words]) => [language, new Set(words.split(' '))]));
/** Of the start of a document. */
const SAMPLE_LENGTH = 20_000;
const LEAST_HITS = 3;
/** Below that share of frequent words a text is no prose of a known language. */
const LEAST_SHARE = 0.08;

/** By whose rules words are stemmed; `simple` where the language is not known: words are then taken as they are. */
export function languageOf(text: string): string {
  const words =
    text
      .slice(0, SAMPLE_LENGTH)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  const counts = [...FREQUENT].map(([language, frequent]) => ({
    language,
    hits: words.filter((word) => frequent.has(word)).length,
  }));
  const best = counts.toSorted((left, right) => right.hits - left.hits)[0];
  return best && best.hits >= Math.max(LEAST_HITS, words.length * LEAST_SHARE) ? best.language : 'simple';
}
