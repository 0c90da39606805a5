import type {KeyPrinter} from '../key-text.js';
import {anyPattern} from '../patterns.js';
import {maxFindingKeys} from './finding.js';

/** Patterns or keys for the evidence of a finding: `user:*, cart:* and 3 others`. */
export function listed(names: readonly string[], print: KeyPrinter): string {
	const shown = names.slice(0, 3).map((name) => printName(name, print));
	const others = names.length - shown.length;
	if (others > 0) return `${shown.join(', ')} and ${others} ${others === 1 ? 'other' : 'others'}`;
	const last = shown.at(-1) ?? '';
	return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** The keys of a finding, printed, the worst first. */
export function findingKeys(names: readonly string[], print: KeyPrinter): readonly string[] {
	return names.slice(0, maxFindingKeys).map((name) => printName(name, print));
}

function printName(name: string, print: KeyPrinter): string {
	return name === anyPattern ? name : print(name);
}
