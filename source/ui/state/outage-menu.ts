import type {CommandCall} from '../../engine/protocol.js';
import type {FaultInfo} from '../../faults/catalogue.js';
import {usualOf} from './fault-settings.js';
import type {Context} from './message.js';

/** For how long an outage started from a menu lasts. */
export const durations = [
	{label: 'until healed', words: []},
	{label: 'for 5 s', words: ['for', '5s']},
	{label: 'for 10 s', words: ['for', '10s']},
	{label: 'for 30 s', words: ['for', '30s']},
	{label: 'for 1 min', words: ['for', '1m']},
] as const;

/** Why a fault cannot be started here; undefined when it can. */
export function refusalOf(info: FaultInfo, {snapshot}: Context): string | undefined {
	return info.where === 'server' && snapshot?.target.kind === 'external'
		? 'only on a server that this program started'
		: undefined;
}

/** The words of a fault with its usual parameters: `latency 100ms`. */
export function faultArguments(info: FaultInfo): string[] {
	const required = info.parameters.filter((parameter) => parameter.required);
	return [info.kind, ...required.map(usualOf)];
}

export type OutageItem =
	| {readonly kind: 'heal'; readonly label: string; readonly detail: string; readonly call: CommandCall}
	| {readonly kind: 'fault'; readonly info: FaultInfo; readonly refusal: string | undefined};

/** What the outage menu offers: first a way back from each fault in force, then the faults. */
export function outageItems(context: Context): readonly OutageItem[] {
	const active = context.snapshot?.faults ?? [];
	const healAll: OutageItem[] =
		active.length === 0
			? []
			: [
					{
						kind: 'heal',
						label: 'heal',
						detail: active.length === 1 ? `lift ${active[0]?.label}` : `lift all ${active.length} faults`,
						call: {name: 'heal', args: []},
					},
				];
	const healEach: OutageItem[] =
		active.length < 2
			? []
			: active.map((fault) => ({
					kind: 'heal',
					label: `heal ${fault.id}`,
					detail: `lift only ${fault.label}`,
					call: {name: 'heal', args: [String(fault.id)]},
				}));
	const faults: OutageItem[] = context.catalogue.map((info) => ({
		kind: 'fault',
		info,
		refusal: refusalOf(info, context),
	}));
	return [...healAll, ...healEach, ...faults];
}

/** What choosing an item runs; undefined when it is refused. */
export function callOf(item: OutageItem, lasting: number): CommandCall | undefined {
	if (item.kind === 'heal') return item.call;
	if (item.refusal !== undefined) return undefined;
	return {name: 'outage', args: [...faultArguments(item.info), ...(durations[lasting]?.words ?? [])]};
}
