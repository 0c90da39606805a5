import {readFileSync} from 'node:fs';
import {type ConnectionOptions, createSecureContext} from 'node:tls';
import {EngineError} from '../engine-error.js';
import {oneLine} from '../one-line.js';
import type {TlsFiles} from './connection.js';

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'no such file',
	EACCES: 'access denied',
	EISDIR: 'it is a directory',
};

const names = {ca: 'the certificates of --ca', cert: 'the certificate of --cert', key: 'the private key of --key'};

/**
 * Reads the files of a connection over TLS, and checks their content.
 *
 * @throws {EngineError} A file cannot be read, or is not of its kind. The error has the exit code for wrong usage.
 */
export function readTlsFiles({ca, cert, key, insecure}: TlsFiles): ConnectionOptions {
	const options = {
		...(ca === undefined ? {} : {ca: read('ca', ca)}),
		...(cert === undefined ? {} : {cert: read('cert', cert)}),
		...(key === undefined ? {} : {key: read('key', key)}),
	};
	try {
		createSecureContext(options);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH')
			throw unusable(`the private key ${key} does not belong to the certificate ${cert}`);
		throw unusable(`the files ${[cert, key].filter(Boolean).join(' and ')} cannot be used: ${oneLine(error)}`);
	}
	return {...options, ...(insecure ? {rejectUnauthorized: false} : {})};
}

function read(what: keyof typeof names, path: string): Buffer {
	let content: Buffer;
	try {
		content = readFileSync(path);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		throw unusable(`${names[what]} cannot be read: ${path}: ${reasons[code ?? ''] ?? oneLine(error)}`);
	}
	// OpenSSL accepts a file without certificates, and then trusts none, which shows only at the handshake.
	const isPem =
		what === 'key' ? /-----BEGIN [A-Z ]*PRIVATE KEY-----/ : /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;
	if (!isPem.test(content.toString('latin1')))
		throw unusable(`${path} has no ${what === 'key' ? 'private key' : 'certificate'} in PEM format: check --${what}`);
	return content;
}

function unusable(message: string): EngineError {
	return new EngineError('ERR_TLS_FILE', message, 2);
}
