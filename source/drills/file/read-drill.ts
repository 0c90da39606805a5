import {formatPath, type JSONPath, LocatedJson} from '../../text/located-json.js';
import type {Drill} from '../drill.js';
import {DrillFileError, type DrillProblem} from './drill-errors.js';
import {drillOf} from './drill-of-file.js';
import {checkRules} from './drill-rules.js';
import {checkDrillFile} from './drill-schema.js';

/**
 * Parses and validates the text of a drill file.
 *
 * @param name Name of the file, for errors.
 * @throws {DrillFileError} It has every problem, with path and line.
 */
export function readDrill(text: string, name: string): Drill {
	const json = parse(text, name);
	const problems: DrillProblem[] = json.duplicates().map(({line, firstLine, path}) => ({
		line,
		path: formatPath(path),
		message: `is given twice, first in line ${firstLine}: remove one of them`,
	}));
	const report = (path: JSONPath, message: string, child?: string): void => {
		problems.push({line: json.lineOf(path, child), path: formatPath(path), message});
	};
	const {file, parts, problems: schemaProblems} = checkDrillFile(json.value());
	for (const {pointer, message, unknownField} of schemaProblems) report(json.pathOf(pointer), message, unknownField);
	checkRules(parts, report);
	if (problems.length > 0 || file === undefined) {
		throw new DrillFileError(
			name,
			problems.sort((left, right) => left.line - right.line),
		);
	}
	return drillOf(file);
}

function parse(text: string, name: string): LocatedJson {
	const json = LocatedJson.parse(text);
	if (json instanceof LocatedJson) return json;
	const message = text.trim() === '' ? 'the file is empty' : `not JSON: ${json.reason}`;
	throw new DrillFileError(name, [{line: json.line, path: '', message}]);
}
