//! The settings of who may read and write, and from where.

use clap::Args;
use ipnet::IpNet;
use std::net::IpAddr;

#[derive(Args, Clone)]
pub struct AccessConfig {
    /// Let everybody read the library, without payloads and without the sources of captures
    #[arg(
        long, global = true, env = "PUBLIC_READ", value_name = "true|false", num_args = 0..=1,
        default_value = "false", default_missing_value = "true", value_parser = public_read
    )]
    pub public_read: bool,

    /// Refuse every change; no list is taken
    #[arg(
        long, global = true, env = "READ_ONLY", value_name = "true|false", num_args = 0..=1,
        default_value = "false", default_missing_value = "true", value_parser = read_only
    )]
    pub read_only: bool,

    /// Proxies whose headers X-Forwarded-For and X-Forwarded-Proto count: addresses and networks,
    /// comma between, as in 10.0.0.0/8,192.0.2.7
    #[arg(
        long, global = true, env = "TRUSTED_PROXIES", value_name = "NETWORKS",
        default_value = "", value_parser = proxies
    )]
    pub trusted_proxies: Proxies,
}

/// The networks of trusted proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn public_read(value: &str) -> Result<bool, String> {
    boolean("PUBLIC_READ", value)
}

fn read_only(value: &str) -> Result<bool, String> {
    boolean("READ_ONLY", value)
}

fn boolean(name: &str, value: &str) -> Result<bool, String> {
    match value.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "" | "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("{name} must be true or false")),
    }
}

fn proxies(value: &str) -> Result<Proxies, String> {
    let words = value.split(',').map(str::trim);
    let networks = words.filter(|word| !word.is_empty()).map(|word| {
        let network = word.parse::<IpNet>();
        let network = network.or_else(|_| word.parse::<IpAddr>().map(IpNet::from));
        network.map_err(|_| {
            "TRUSTED_PROXIES must be addresses and networks with a comma between, as in 10.0.0.0/8,192.0.2.7"
                .to_owned()
        })
    });
    networks.collect::<Result<_, _>>().map(Proxies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_addresses_and_networks() {
        let proxies = proxies("10.0.0.0/8, 192.0.2.7,2001:db8::/32").expect("they are valid");

        for inside in ["10.1.2.3", "192.0.2.7", "::ffff:10.0.0.1", "2001:db8::1"] {
            assert!(
                proxies.contains(inside.parse().expect("an address")),
                "{inside}"
            );
        }
        for outside in ["11.0.0.1", "192.0.2.8", "::1"] {
            assert!(
                !proxies.contains(outside.parse().expect("an address")),
                "{outside}"
            );
        }
        assert!(super::proxies("10.0.0.0/40").is_err());
        assert!(super::proxies("proxy.example.org").is_err());
    }

    #[test]
    fn a_switch_is_true_or_false() {
        assert_eq!(boolean("READ_ONLY", "TRUE"), Ok(true));
        assert_eq!(boolean("READ_ONLY", ""), Ok(false));
        assert!(boolean("READ_ONLY", "maybe").is_err());
    }
}
