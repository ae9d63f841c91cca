//! What can be wrong with a key record.

/// What is wrong with a key record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyProblem {
    /// `v` is there and not the first tag.
    VersionNotFirst,
    /// `v` is not exactly `DKIM1`.
    BadVersion { found: String },
    /// `v` names another version of DKIM: not meant for verifiers of DKIM1.
    OtherVersion { found: String },
    /// A `;` is missing: one value runs into the next tag.
    MissingSemicolon { tag: String },
    /// Backslashes of a zone file stand in the record itself (`\;`).
    LeakedEscape { count: usize },
    /// Quotation marks of a zone file or a form stand in the record itself.
    LeakedQuote,
    /// A tag name is there twice: the whole list is invalid.
    DuplicateTag { name: String },
    /// A part has no `=`.
    NoValue { text: String },
    /// A tag name is not a letter followed by letters, digits and `_`.
    BadTagName { name: String },
    /// A known tag is written in the wrong case; names are case-sensitive.
    WrongCase { name: String },
    /// A tag that no standard knows; ignored.
    UnknownTag { name: String },
    /// Two semicolons with nothing between them.
    EmptyPart,
    /// There are more tags than are looked at.
    TooManyTags,
    /// A character that the grammar does not allow in a value.
    BadCharacter { tag: String, character: char },
    /// There is no `p` tag.
    MissingKey,
    /// `p` is empty: the key is revoked.
    Revoked,
    /// `p` holds a character that is no base64.
    BadBase64 { character: char },
    /// The base64 of `p` lacks its padding, the key itself being whole.
    MissingPadding,
    /// The key stops before its own length says.
    Truncated { expected: usize, found: usize },
    /// More bytes follow after the key.
    TrailingBytes { count: usize },
    /// `p` holds no public key that DKIM knows.
    NotAKey,
    /// `p` holds a key of another kind than RSA (`k=rsa`, or no `k`).
    OtherAlgorithm { name: &'static str },
    /// The modulus is even or zero, which no RSA modulus is.
    BadModulus,
    /// The public exponent is even or 1: signatures prove nothing.
    BadExponent { exponent: u64 },
    /// The public exponent is unusual.
    OddExponent { exponent: Option<u64> },
    /// Fewer than 1024 bits.
    TooWeak { bits: usize },
    /// Fewer than 2048 bits.
    Weak { bits: usize },
    /// More than 4096 bits.
    TooLarge { bits: usize },
    /// The key is a bare RSAPublicKey and not wrapped in SubjectPublicKeyInfo.
    BareRsa,
    /// An Ed25519 key is wrapped in SubjectPublicKeyInfo instead of its raw 32 bytes.
    WrappedEd25519,
    /// An Ed25519 key that is not 32 bytes long.
    Ed25519Length { octets: usize },
    /// `k` names a type that no standard knows.
    UnknownKeyType { found: String },
    /// `h` allows SHA-1 alone, which no verifier may accept.
    Sha1Only,
    /// `h` allows no hash that is in use.
    NoUsableHash,
    /// `h` still allows SHA-1 beside SHA-256.
    Sha1Allowed,
    /// A member of `h` that no standard knows; ignored.
    UnknownHash { found: String },
    /// `s` names neither `*` nor `email`.
    NotForMail,
    /// `t=y`.
    Testing,
    /// `t=s`.
    Strict,
    /// A member of `t` that no standard knows; ignored.
    UnknownFlag { found: String },
    /// `g` of the historic RFC 4871.
    Granularity,
}
