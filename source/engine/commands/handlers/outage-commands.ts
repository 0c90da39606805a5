import {faultCatalogue, isServerFault} from '../../../faults/catalogue.js';
import {faultUsage, parseFault} from '../../../faults/parse-fault.js';
import {formatDuration, parseDuration} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import {isSameWord} from '../../../text/same-word.js';
import {CommandError, type CommandHandlers} from '../command.js';

/** A longer duration is probably a typing error. */
const longestMs = 24 * 3_600_000;

/** Splits `latency 200ms for 10s` into the fault and its duration. */
function splitFor(words: readonly string[]): {readonly fault: readonly string[]; readonly forMs: number | undefined} {
	const at = words.findIndex((word) => word.toLowerCase() === 'for');
	if (at < 0) return {fault: words, forMs: undefined};
	const time = words.slice(at + 1).join('');
	const forMs = parseDuration(time);
	if (forMs === undefined || forMs <= 0)
		throw new CommandError(
			`write a time such as 10s or 500ms after "for"${time === '' ? '' : `, not ${JSON.stringify(time)}`}`,
		);
	if (forMs > longestMs)
		throw new CommandError(
			`a fault lasts at most one day, not ${formatDuration(forMs)}; without "for" it lasts until \`heal\``,
		);
	return {fault: words.slice(0, at), forMs};
}

export const outageCommands = {
	async outage({session, refusalOfWrites}, words) {
		const {fault: faultWords, forMs} = splitFor(words);
		const fault = parseFault(faultWords, session.faults.hasServer ? undefined : 'wire');
		const refusal = refusalOfWrites();
		if (refusal !== undefined && isServerFault(fault)) {
			throw new CommandError(`${fault.kind} changes the server itself, and ${refusal}`);
		}
		const active = await session.faults.start(fault, forMs);
		const until = forMs === undefined ? 'until healed' : `for ${formatDuration(forMs)}`;
		return {lines: [`${active.label}, ${until}`], data: active};
	},
	async heal({session}, [which]) {
		const active = session.faults.active();
		const meant = active.filter(
			({id, fault}) => which === undefined || which === String(id) || isSameWord(which, fault.kind),
		);
		if (active.length === 0) return {lines: ['no fault is active'], data: 0};
		if (meant.length === 0)
			throw new CommandError(
				`${JSON.stringify(which)} is not active; active: ${active.map(({id, label}) => `${label} (number ${id})`).join(', ')}`,
			);
		await session.faults.lift(meant.map(({id}) => id));
		const [first] = meant;
		const what = first && meant.length === 1 ? first.label : formatCountOf(meant.length, 'fault');
		return {lines: [`lifted ${what}`], data: meant.length};
	},
	faults() {
		return {
			lines: faultCatalogue.map((info) => `${faultUsage(info)}: ${info.summary}`),
			data: faultCatalogue,
		};
	},
	async drill({session}, [name]) {
		if (name.toLowerCase() === 'stop') {
			const report = await session.drills.stop('stopped by hand');
			return {lines: [report ? `stopped drill ${report.drill}` : 'no drill is running'], data: report};
		}
		const drill = await session.drills.start(name);
		return {lines: [`${drill.name}: ${drill.summary}`], data: drill};
	},
	async drills({session}) {
		const drills = await session.drills.list();
		return {
			lines: drills.map(({name, durationMs, summary}) => `${name} (${formatDuration(durationMs)}): ${summary}`),
			data: drills,
		};
	},
} satisfies Partial<CommandHandlers>;
