const bare = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, '');

/** True for two spellings of one word: in any case, with hyphens, underscores or neither. `black-hole` is `blackhole`. */
export const isSameWord = (word: string, other: string): boolean => bare(word) === bare(other);
