import {additiveFields} from './info-fields.js';

type Fields = ReadonlyMap<string, string>;

function fieldsOf(info: string): Fields {
	const fields = new Map<string, string>();
	for (const line of info.split(/\r?\n/)) {
		const colon = line.indexOf(':');
		if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
	}
	return fields;
}

function sumOf(nodes: readonly Fields[], field: string): number {
	return nodes.reduce((sum, fields) => sum + (Number(fields.get(field)) || 0), 0);
}

/** The keyspace line of several nodes as one: `keys=3,expires=1,avg_ttl=0`. */
function keyspaceOf(nodes: readonly Fields[]): string {
	const sum = (name: string) =>
		nodes.reduce(
			(total, fields) => total + Number(new RegExp(`${name}=(\\d+)`).exec(fields.get('db0') ?? '')?.[1] ?? 0),
			0,
		);
	return `keys=${sum('keys')},expires=${sum('expires')},avg_ttl=0`;
}

/**
 * Combines the INFO of a cluster's nodes into that of one server: the first node's, with sums of what adds up (`additiveFields`).
 */
export function sumInfo(infos: readonly string[]): string {
	const [first] = infos;
	if (first === undefined || infos.length === 1) return first ?? '';
	const nodes = infos.map(fieldsOf);
	const lines = first.split(/\r?\n/).filter((line) => !/^db\d+:/.test(line));
	const summed = lines.map((line) => {
		const field = line.slice(0, Math.max(0, line.indexOf(':')));
		return additiveFields.has(field) ? `${field}:${sumOf(nodes, field)}` : line;
	});
	const at = summed.findIndex((line) => /^# keyspace/i.test(line));
	const end = at < 0 ? summed.length : at + 1;
	return [...summed.slice(0, end), `db0:${keyspaceOf(nodes)}`, ...summed.slice(end)].join('\r\n');
}
