//! Keys of Let's Encrypt, recognised by their SHA-256 digests: what `2 1 1` records mostly point to.

/// When the table was made, from the certificates on letsencrypt.org.
pub const LETS_ENCRYPT_AS_OF: &str = "2026-11-23";

/// A key of a certificate authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The authority's own name for it.
    pub name: &'static str,
    /// Whether it issues.
    pub state: State,
    /// SHA-256 of the subject public key info, in hexadecimal.
    digest: &'static str,
}

/// Whether a key of an authority is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Issues server certificates now.
    Issuing,
    /// Kept ready, and does not issue.
    Backup,
    /// A root: issues intermediates only, and is mostly not sent by servers.
    Root,
    /// Issues no more since 2026-05-13; its last certificates expire by 2027-03-12.
    Retired,
    /// Its certificates have expired.
    Dead,
}

impl Authority {
    /// The authority whose key has this SHA-256 digest.
    pub fn by_key(digest: &[u8]) -> Option<&'static Self> {
        LETS_ENCRYPT.iter().find(|authority| {
            let mut expected = authority.digest.as_bytes().chunks(2);
            authority.digest.len() == digest.len() * 2
                && digest.iter().all(|octet| expected.next() == Some(format!("{octet:02x}").as_bytes()))
        })
    }
}

/// Let's Encrypt's hierarchy. The digests of E1 to R14 are those of intermediates; `Gen Y` issues since 2026-05-13.
static LETS_ENCRYPT: &[Authority] = &[
    Authority {
        name: "Let's Encrypt YE1",
        state: State::Issuing,
        digest: "6ebcefb4210b088654a38b03fea3d7d1c711b4fb1ddc363a45f9b1a4e53da01e",
    },
    Authority {
        name: "Let's Encrypt YE2",
        state: State::Issuing,
        digest: "b3fb5d00e994cddf2cc9a4eea9f806bc5727e83cc0e4299bf956f2d524fe5376",
    },
    Authority {
        name: "Let's Encrypt YE3",
        state: State::Backup,
        digest: "a698a20824be04e47a1a33c4fa488731be92011f23a31e900e2ca26c9c2acfce",
    },
    Authority {
        name: "Let's Encrypt YR1",
        state: State::Issuing,
        digest: "2e8307068b6db620e4a39d068b5dee5d6ef5788cbb2c0b6d23ead84fcc17178c",
    },
    Authority {
        name: "Let's Encrypt YR2",
        state: State::Issuing,
        digest: "9d637b3d27a9e570d07607b9ccadb80a70915c7af72afce12841b1b1da825fd1",
    },
    Authority {
        name: "Let's Encrypt YR3",
        state: State::Backup,
        digest: "51aaa87d984b559ac69e929f888a022d832e089ff4dba0a412b5101bca4bc799",
    },
    Authority {
        name: "ISRG Root YE",
        state: State::Root,
        digest: "b0292ae545978e0fbb98abbd94c861605e5b18bb32ed523f50d5b7b5c71d47bc",
    },
    Authority {
        name: "ISRG Root YR",
        state: State::Root,
        digest: "7e4e8838a8add6295de7ae3b047d3aba3488ab95db0a0aa56d897a00d8618bcf",
    },
    Authority {
        name: "ISRG Root X1",
        state: State::Root,
        digest: "0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3",
    },
    Authority {
        name: "ISRG Root X2",
        state: State::Root,
        digest: "762195c225586ee6c0237456e2107dc54f1efc21f61a792ebd515913cce68332",
    },
    Authority {
        name: "Let's Encrypt E5",
        state: State::Retired,
        digest: "3586d4ecf070578cbd27aedce20b964e48bc149faeb9dad72f46b857869172b8",
    },
    Authority {
        name: "Let's Encrypt E6",
        state: State::Retired,
        digest: "d016e1fe311948aca64f2de44ce86c9a51ca041df6103bb52a88eb3f761f57d7",
    },
    Authority {
        name: "Let's Encrypt E7",
        state: State::Retired,
        digest: "cbbc559b44d524d6a132bdac672744da3407f12aae5d5f722c5f6c7913871c75",
    },
    Authority {
        name: "Let's Encrypt E8",
        state: State::Retired,
        digest: "885bf0572252c6741dc9a52f5044487fef2a93b811cdedfad7624cc283b7cdd5",
    },
    Authority {
        name: "Let's Encrypt E9",
        state: State::Retired,
        digest: "f1440a9b76e1e41e53a4cb461329bf6337b419726be513e42e19f1c691c5d4b2",
    },
    Authority {
        name: "Let's Encrypt R10",
        state: State::Retired,
        digest: "2bbad93ab5c79279ec121507f272cbe0c6647a3aae52e22f388afab426b4adba",
    },
    Authority {
        name: "Let's Encrypt R11",
        state: State::Retired,
        digest: "6ddac18698f7f1f7e1c69b9bce420d974ac6f94ca8b2c761701623f99c767dc7",
    },
    Authority {
        name: "Let's Encrypt R12",
        state: State::Retired,
        digest: "919c0df7a787b597ed056ace654b1de9c0387acf349f73734a4fd7b58cf612a4",
    },
    Authority {
        name: "Let's Encrypt R13",
        state: State::Retired,
        digest: "025490860b498ab73c6a12f27a49ad5fe230fafe3ac8f6112c9b7d0aad46941d",
    },
    Authority {
        name: "Let's Encrypt R14",
        state: State::Retired,
        digest: "f1647a5ee3efac54c892e930584fe47979b7acd1c76c1271bca1c5076d869888",
    },
    Authority {
        name: "Let's Encrypt E1",
        state: State::Dead,
        digest: "276fe8a8c4ec7611565bf9fce6dcace9be320c1b5bea27596b2204071ed04f10",
    },
    Authority {
        name: "Let's Encrypt E2",
        state: State::Dead,
        digest: "bd936e72b212ef6f773102c6b77d38f94297322efc25396bc3279422e0c89270",
    },
    Authority {
        name: "Let's Encrypt R3",
        state: State::Dead,
        digest: "8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d",
    },
    Authority {
        name: "Let's Encrypt R4",
        state: State::Dead,
        digest: "e5545e211347241891c554a03934cde9b749664a59d26d615fe58f77990f2d03",
    },
    Authority {
        name: "Let's Encrypt Authority X1 and X3",
        state: State::Dead,
        digest: "60b87575447dcba2a36b7d11ac09fb24a9db406fee12d2cc90180517616e8a18",
    },
    Authority {
        name: "Let's Encrypt Authority X2 and X4",
        state: State::Dead,
        digest: "b111dd8a1c2091a89bd4fd60c57f0716cce50feeff8137cdbee0326e02cf362b",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digest_is_one() {
        assert_eq!(LETS_ENCRYPT.len(), 26);
        for authority in LETS_ENCRYPT {
            assert_eq!(authority.digest.len(), 64, "{}", authority.name);
            assert!(authority.digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        }
    }

    #[test]
    fn knows_isrg_root_x1() {
        let digest = [
            0x0b, 0x9f, 0xa5, 0xa5, 0x9e, 0xed, 0x71, 0x5c, 0x26, 0xc1, 0x02, 0x0c, 0x71, 0x1b, 0x4f, 0x6e, 0xc4, 0x2d,
            0x58, 0xb0, 0x01, 0x5e, 0x14, 0x33, 0x7a, 0x39, 0xda, 0xd3, 0x01, 0xc5, 0xaf, 0xc3,
        ];
        let found = Authority::by_key(&digest).map(|authority| (authority.name, authority.state));
        assert_eq!(found, Some(("ISRG Root X1", State::Root)));
        assert_eq!(Authority::by_key(&digest[..31]), None);
        assert_eq!(Authority::by_key(&[]), None);
    }
}
