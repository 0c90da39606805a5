import type {EngineSnapshot} from '../../../engine/protocol.js';
import type {CommandCall} from '../../../engine/specs/command-calls.js';
import {type FaultInfo, faultCatalogue} from '../../../faults/catalogue.js';
import type {ActiveFault} from '../../../faults/fault.js';
import {defaultOf} from './fault-settings.js';

/** Durations of an outage that is started from the menu. */
export const faultDurations = [
	{label: 'until healed', words: []},
	{label: 'for 5 s', words: ['for', '5s']},
	{label: 'for 10 s', words: ['for', '10s']},
	{label: 'for 30 s', words: ['for', '30s']},
	{label: 'for 1 min', words: ['for', '1m']},
] as const;

/** The part of a snapshot that decides which faults can start and which can be lifted. */
type FaultsInForce = {
	readonly faults: readonly Pick<ActiveFault, 'id' | 'label'>[];
	readonly target: Pick<EngineSnapshot['target'], 'kind' | 'topology' | 'nodes' | 'clockObstacle'>;
};

/** Choices besides the kind of fault. */
export type OutageChoices = {
	/** Index in `faultDurations`. */
	readonly lasting: number;
	/** One of `nodeChoices`. */
	readonly node: string;
};

/** The nodes to choose from: empty for all of them, then each by its number. */
export function nodeChoices(snapshot: Pick<FaultsInForce, 'target'> | undefined): readonly string[] {
	return ['', ...(snapshot?.target.nodes ?? []).map(({number}) => String(number))];
}

/** The reason why a fault cannot start on this server; undefined if it can. */
export function refusalOf(info: FaultInfo, target: FaultsInForce['target'] | undefined): string | undefined {
	if (target === undefined) return undefined;
	if (info.where === 'wire') return undefined;
	if (target.kind === 'external') return 'only on a server that this program started';
	const {needs} = info;
	if (needs === 'clock') return target.clockObstacle;
	if (needs === undefined || (needs === 'replicas' ? target.topology !== undefined : target.topology === needs))
		return undefined;
	return needs === 'replicas' ? 'only with --private cluster or --private sentinel' : `only with --private ${needs}`;
}

/** The text of a fault with its defaults: `latency 100ms`. */
export function faultWords(info: FaultInfo): readonly [string, ...string[]] {
	const required = info.parameters.filter((parameter) => parameter.required);
	return [info.kind, ...required.map(defaultOf)];
}

export type OutageItem =
	| {readonly kind: 'heal'; readonly label: string; readonly detail: string; readonly call: CommandCall<'heal'>}
	| {readonly kind: 'fault'; readonly info: FaultInfo; readonly refusal: string | undefined};

/** The items of the outage menu: first those that lift the active faults, then all kinds of faults. */
export function outageItems(snapshot: FaultsInForce | undefined): readonly OutageItem[] {
	const active = snapshot?.faults ?? [];
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
	const faults: OutageItem[] = faultCatalogue.map((info) => ({
		kind: 'fault',
		info,
		refusal: refusalOf(info, snapshot?.target),
	}));
	return [...healAll, ...healEach, ...faults];
}

/** The call of an item; undefined when it is refused. */
export function callOf(item: OutageItem, {lasting, node}: OutageChoices): CommandCall<'heal' | 'outage'> | undefined {
	if (item.kind === 'heal') return item.call;
	if (item.refusal !== undefined) return undefined;
	const [kind, ...words] = faultWords(item.info);
	const fault = [kind, ...words, ...(faultDurations[lasting]?.words ?? [])] as const;
	return {name: 'outage', args: node === '' ? fault : ['node', node, ...fault]};
}
