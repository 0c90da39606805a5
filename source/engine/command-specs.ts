import type {CommandSpec} from './command-spec.js';
import {cacheSpecs} from './specs/cache-specs.js';
import {screenSpecs} from './specs/screen-specs.js';
import {serverSpecs} from './specs/server-specs.js';
import {trafficSpecs} from './specs/traffic-specs.js';

/** Every command there is, in the order in which help shows them. Pure data: the engine's handlers and the screen's are elsewhere. */
export const commandSpecs: readonly CommandSpec[] = [...cacheSpecs, ...serverSpecs, ...trafficSpecs, ...screenSpecs];

const byName = new Map(
	commandSpecs.flatMap((spec) => [spec.name, ...(spec.aliases ?? [])].map((name) => [name, spec] as const)),
);

/** The command of a name or an alias. */
export function findCommand(name: string): CommandSpec | undefined {
	return byName.get(name.toLowerCase());
}

/** `set <key> <value> [ttl] [tag…]` */
export function usageOf(spec: CommandSpec): string {
	const words = spec.args.map((argument) => {
		const name = (argument.choices?.length === 1 ? argument.choices[0] : argument.name) + (argument.rest ? '…' : '');
		return argument.optional ? `[${name}]` : `<${name}>`;
	});
	return [spec.name, ...words].join(' ');
}
