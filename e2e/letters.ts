// Reads letters as a mail program does: encoded subjects, parts, quoted-printable and base64.
import fs from "node:fs";
import path from "node:path";

export interface Letter {
  file: string;
  to: string;
  subject: string;
  text: string;
}

/** The letters in the folder to one address, oldest first. */
export function lettersTo(folder: string, address: string): Letter[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith(".eml")).sort() : [];
  return names.map((name) => read(path.join(folder, name))).filter((letter) => letter.to.includes(address));
}

function read(file: string): Letter {
  const { headers, body } = split(fs.readFileSync(file, "latin1"));
  const boundary = /boundary="?([^";\r\n]+)/.exec(headers.get("content-type") ?? "")?.[1] ?? "";
  const parts = body.split(`--${boundary}`).map((part) => split(part.replace(/^\r?\n/, "")));
  const plain = parts.find((part) => part.headers.get("content-type")?.startsWith("text/plain"));
  return {
    file: path.basename(file),
    to: headers.get("to") ?? "",
    subject: words(headers.get("subject") ?? ""),
    text: plain ? decoded(plain.body, plain.headers.get("content-transfer-encoding") ?? "") : "",
  };
}

function split(text: string): { headers: Map<string, string>; body: string } {
  const end = /\r?\n\r?\n/.exec(text);
  const head = end ? text.slice(0, end.index) : text;
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const at = line.indexOf(":");
    if (at > 0) headers.set(line.slice(0, at).toLowerCase(), line.slice(at + 1).trim());
  }
  return { headers, body: end ? text.slice(end.index + end[0].length) : "" };
}

/** A header value with its encoded words (RFC 2047). */
function words(value: string): string {
  const joined = value.replace(/\?=\s+=\?/g, "?==?");
  return joined.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
    kind.toLowerCase() === "b" ? decoded(text, "base64") : decoded(text.replace(/_/g, " "), "quoted-printable"),
  );
}

function decoded(text: string, encoding: string): string {
  if (encoding.toLowerCase() === "base64") return Buffer.from(text, "base64").toString("utf8");
  if (encoding.toLowerCase() !== "quoted-printable") return Buffer.from(text, "latin1").toString("utf8");
  const bytes = text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
