/** A drill, as the engine's `drills` command lists it. */
export type DrillInfo = {readonly name: string; readonly summary: string};

export type FaultsState = {
	readonly pane: 'faults' | 'drills';
	readonly selectedFault: number;
	readonly selectedDrill: number;
	readonly drills: readonly DrillInfo[];
};

export const initialFaults: FaultsState = {pane: 'faults', selectedFault: 0, selectedDrill: 0, drills: []};
