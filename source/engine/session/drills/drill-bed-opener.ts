import type {Drill} from '../../../drills/drill.js';
import type {SubjectSpec} from '../../../drills/subject/subject-spec.js';
import type {DrilledApplication} from '../application/drilled-application.js';
import {openApplicationBed} from './application-bed.js';
import type {DrillBed} from './drill-bed.js';
import {type OwnBedOptions, openOwnBed} from './own-bed.js';
import {openSubjectBed, type SubjectBedOptions} from './subject-bed.js';

type DrillBedsOptions = OwnBedOptions &
	SubjectBedOptions & {
		/** An application with its own traffic. Undefined if the drill makes the traffic. */
		readonly tapped: DrilledApplication | undefined;
		/** Undefined if drills run on the cache of this program. */
		readonly subject: SubjectSpec | undefined;
	};

/** Returns a function that opens the cache of a drill, or its subject. */
export function drillBedOpener(options: DrillBedsOptions): (drill: Drill) => Promise<DrillBed> {
	const {subject, tapped} = options;
	if (tapped !== undefined) return async () => openApplicationBed(tapped);
	if (subject === undefined) return (drill) => openOwnBed(drill, options);
	return (drill) => openSubjectBed(drill, subject, options);
}
