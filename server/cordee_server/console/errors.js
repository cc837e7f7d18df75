// What can go wrong on purpose: the part of shared/cordee_shared/errors.py that
// the console can meet in its own code. The names are the same on purpose.

export class CordeeError extends Error {
    /** @param {string} [message] */
    constructor(message) {
        super(message);
        this.name = new.target.name;
    }
}

/** We were about to break the rules ourselves: a bug here, never the peer's fault. */
export class LocalViolation extends CordeeError {}

/** The peer broke the rules; the link is closed and it is told nothing. */
export class RemoteViolation extends CordeeError {}

export class FrameTooLarge extends RemoteViolation {}

/** Bytes that are no message of this protocol. */
export class MalformedFrame extends RemoteViolation {}

/** A well-formed message that has no place in the present state. */
export class UnexpectedMessage extends RemoteViolation {}

/** A rule of the house said no; `code` is the key of the sentence in `text/`. */
export class Refused extends CordeeError {
    get code() {
        return "refused";
    }
}

export class CodeMistyped extends Refused {
    /** @override */
    get code() {
        return "code_mistyped";
    }
}

/** A file cannot have this name (S-39). */
export class NameRefused extends Refused {
    /** @override */
    get code() {
        return "name_refused";
    }
}

/** Only text may pass from one clipboard to the other, and not much of it (S-40). */
export class TextRefused extends Refused {
    /** @override */
    get code() {
        return "text_refused";
    }
}

/** The two ends do not hold the same code, or somebody stands between them. */
export class PairingFailed extends CordeeError {}

/** A journal, an act or a record does not verify: where, and what is wrong with it. */
export class Tampered extends CordeeError {
    /**
     * @param {string} where
     * @param {string} why
     */
    constructor(where, why) {
        super(`${where}: ${why}`);
    }
}
