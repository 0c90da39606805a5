import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** True if openssl is installed, which creates the certificates. */
export const hasOpenssl = ((): boolean => {
	try {
		execFileSync('openssl', ['version'], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
})();

/** Files in PEM format. */
export type Certificates = {
	readonly directory: string;
	readonly authority: string;
	/** For `localhost` and 127.0.0.1, issued by the authority. */
	readonly server: KeyPair;
	/** For another host, issued by the authority. */
	readonly otherHost: KeyPair;
	/** For `localhost` and no address, issued by the authority. */
	readonly hostOnly: KeyPair;
	readonly client: KeyPair;
	/** Self-signed. */
	readonly stranger: KeyPair;
	remove(): void;
};

export type KeyPair = {readonly cert: string; readonly key: string};

/** Creates an authority and certificates issued by it, valid for two days. */
export function makeCertificates(): Certificates {
	const directory = mkdtempSync(join(tmpdir(), 'rct-certificates-'));
	const file = (name: string): string => join(directory, name);
	const openssl = (...words: readonly string[]) => void execFileSync('openssl', words, {stdio: 'ignore'});
	const newKey = (name: string) => [
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:prime256v1',
		'-nodes',
		'-keyout',
		file(`${name}.key`),
	];
	const selfSigned = (name: string): KeyPair => {
		openssl('req', '-x509', '-days', '2', ...newKey(name), '-subj', `/CN=${name}`, '-out', file(`${name}.pem`));
		return {cert: file(`${name}.pem`), key: file(`${name}.key`)};
	};
	const authority = selfSigned('authority');
	const issue = (name: string, names: string): KeyPair => {
		openssl('req', '-new', ...newKey(name), '-subj', `/CN=${name}`, '-out', file(`${name}.csr`));
		writeFileSync(file(`${name}.ext`), `subjectAltName=${names}\n`);
		const by = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial', '-extfile', file(`${name}.ext`)];
		openssl('x509', '-req', '-days', '2', '-in', file(`${name}.csr`), ...by, '-out', file(`${name}.pem`));
		return {cert: file(`${name}.pem`), key: file(`${name}.key`)};
	};
	return {
		directory,
		authority: authority.cert,
		server: issue('server', 'DNS:localhost,IP:127.0.0.1'),
		otherHost: issue('other', 'DNS:cache.example'),
		hostOnly: issue('host', 'DNS:localhost'),
		client: issue('client', 'DNS:client.example'),
		stranger: selfSigned('stranger'),
		remove: () => rmSync(directory, {recursive: true, force: true}),
	};
}

/** Arguments of a redis-server that accepts only TLS on its port. */
export function tlsArguments(
	port: number,
	{cert, key}: KeyPair,
	authority: string,
	clients: 'yes' | 'no',
): readonly string[] {
	const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', authority];
	return ['--port', '0', '--tls-port', String(port), ...files, '--tls-auth-clients', clients];
}
