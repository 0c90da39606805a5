/** Fields of INFO, by section. */
export type InfoSections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Parses the text of INFO. All sections and fields are optional. */
export function parseInfo(text: string): InfoSections {
	const sections: Record<string, Record<string, string>> = {};
	let section: Record<string, string> = {};
	for (const line of text.split(/\r?\n/)) {
		if (line.startsWith('#')) {
			section = {};
			sections[line.slice(1).trim().toLowerCase()] = section;
			continue;
		}
		const colon = line.indexOf(':');
		if (colon > 0) section[line.slice(0, colon)] = line.slice(colon + 1);
	}
	return sections;
}

/** Adds up a figure of all databases: `keys`, or `expires`, the keys with a TTL. */
export const countKeys = (keyspace: Readonly<Record<string, string>> = {}, figure: 'keys' | 'expires'): number =>
	Object.values(keyspace).reduce((sum, line) => sum + Number(new RegExp(`${figure}=(\\d+)`).exec(line)?.[1] ?? 0), 0);
