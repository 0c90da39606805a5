import type {DrillExpectationSnapshot, DrillStepSnapshot} from '../../engine/protocol.js';
import type {Line} from '../input/line-editor.js';

/** A drill, as the engine's `drills` command lists it. */
export type DrillInfo = {
	readonly name: string;
	readonly summary: string;
	readonly durationMs: number;
	readonly steps: readonly Pick<DrillStepSnapshot, 'atMs' | 'forMs' | 'label' | 'kind'>[];
	readonly expectations: readonly Pick<DrillExpectationSnapshot, 'name'>[];
};

/** What was set for the parameters of a fault, by field, as it was typed. What is not there is as usual. */
export type FaultSettings = Readonly<Record<string, string>>;

export type FaultsState = {
	readonly pane: 'faults' | 'drills';
	readonly selectedFault: number;
	readonly selectedDrill: number;
	readonly drills: readonly DrillInfo[];
	/** By kind of fault. */
	readonly settings: Readonly<Record<string, FaultSettings>>;
	/** The parameter of the selected fault that is being set, by its place, and what is typed. */
	readonly editing: {readonly index: number; readonly line: Line} | undefined;
};

export const initialFaults: FaultsState = {
	pane: 'faults',
	selectedFault: 0,
	selectedDrill: 0,
	drills: [],
	settings: {},
	editing: undefined,
};
