import type {Drill} from '../../../drills/drill.js';
import {type FaultInfo, faultCatalogue} from '../../../faults/catalogue.js';
import type {FaultKind} from '../../../faults/fault.js';
import type {Line} from '../../input/line-editor.js';

/** The values of a fault's parameters as they were typed, by field. A missing field has its default. */
export type FaultSettings = Readonly<Record<string, string>>;

export type FaultsState = {
	readonly pane: 'faults' | 'drills';
	readonly selectedFault: number;
	readonly selectedDrill: number;
	readonly drills: readonly Drill[];
	readonly settings: Readonly<Partial<Record<FaultKind, FaultSettings>>>;
	/** The parameter of the selected fault that is being set, by its index in `fieldsOf`, and its typed value. */
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

export const selectedFault = ({selectedFault: index}: FaultsState): FaultInfo | undefined => faultCatalogue[index];

export const selectedDrill = ({drills, selectedDrill: index}: FaultsState): Drill | undefined => drills[index];

export const settingsOf = ({settings}: FaultsState, {kind}: FaultInfo): FaultSettings => settings[kind] ?? {};
