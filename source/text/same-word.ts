const bare = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, '');

/** True for two spellings of one word, which may differ in case, hyphens and underscores: `black-hole` is `blackhole`. */
export const isSameWord = (word: string, other: string): boolean => bare(word) === bare(other);
