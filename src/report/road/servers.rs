//! How to serve the policy: ready to paste, with content type and leave for web pages (CORS).

use crate::say::known;
use serde::Serialize;

/// How one server serves the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Server {
    /// Names it.
    pub id: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// Where the snippet goes, and what else is needed.
    pub note: String,
    /// The configuration, script or commands.
    pub snippet: String,
}

/// Each template: `HOST` stands for the policy host, `POLICY` for the text of the file.
const TEMPLATES: [(&str, &str, &str, &str); 5] = [
    (
        "nginx",
        "nginx",
        "In a file of its own below conf.d or sites-enabled; the policy is /var/www/mta-sts/.well-known/mta-sts.txt.",
        "server {
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name HOST;
    ssl_certificate /etc/letsencrypt/live/HOST/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/HOST/privkey.pem;

    location = /.well-known/mta-sts.txt {
        root /var/www/mta-sts;
        types { }
        default_type \"text/plain; charset=utf-8\";
        add_header Access-Control-Allow-Origin \"*\";
    }
    location / {
        return 404;
    }
}
",
    ),
    (
        "apache",
        "Apache",
        "In a file of its own in sites-enabled, after `a2enmod ssl headers`; the policy is \
         /var/www/mta-sts/.well-known/mta-sts.txt.",
        "<VirtualHost *:443>
    ServerName HOST
    DocumentRoot /var/www/mta-sts
    SSLEngine on
    SSLCertificateFile /etc/letsencrypt/live/HOST/fullchain.pem
    SSLCertificateKeyFile /etc/letsencrypt/live/HOST/privkey.pem

    <Directory /var/www/mta-sts>
        Require all granted
    </Directory>
    <Location /.well-known/mta-sts.txt>
        ForceType \"text/plain; charset=utf-8\"
        Header set Access-Control-Allow-Origin \"*\"
    </Location>
</VirtualHost>
",
    ),
    (
        "caddy",
        "Caddy",
        "In the Caddyfile; Caddy fetches the certificate by itself. The policy is /var/www/mta-sts/.well-known/mta-sts.txt.",
        "HOST {
    handle /.well-known/mta-sts.txt {
        root * /var/www/mta-sts
        header Content-Type \"text/plain; charset=utf-8\"
        header Access-Control-Allow-Origin \"*\"
        file_server
    }
    handle {
        respond 404
    }
}
",
    ),
    (
        "github-pages",
        "GitHub Pages",
        "In a repository whose Pages are published from a branch; point HOST at USER.github.io with a CNAME record, and switch \
         on “Enforce HTTPS”. GitHub sends text/plain and leave for web pages by itself.",
        "mkdir -p .well-known
cat > .well-known/mta-sts.txt <<'END'
POLICYEND
touch .nojekyll   # without it, GitHub leaves .well-known out
printf '%s' HOST > CNAME
git add .well-known .nojekyll CNAME
git commit -m 'MTA-STS policy'
git push
",
    ),
    (
        "cloudflare",
        "Cloudflare Worker",
        "A Worker with the custom domain HOST; put the text of the file in it at each step.",
        "const policy = `POLICY`;

export default {
  fetch(request) {
    if (new URL(request.url).pathname !== \"/.well-known/mta-sts.txt\") {
      return new Response(\"Not found\\n\", { status: 404 });
    }
    return new Response(policy, {
      headers: { \"Content-Type\": \"text/plain; charset=utf-8\", \"Access-Control-Allow-Origin\": \"*\" },
    });
  },
};
",
    ),
];

/// Every server, for the policy host of this domain and this file. Neither holds anything but host names and what the RFC
/// allows in a policy, so that nothing needs quoting.
pub(super) fn servers(domain: &str, policy: &str) -> Vec<Server> {
    let host = format!("mta-sts.{domain}");
    let fill = |text: &str| text.replace("HOST", &host).replace("POLICY", policy);
    TEMPLATES
        .map(|(id, label, note, snippet)| Server { id, label, note: fill(&known(note)), snippet: fill(snippet) })
        .into()
}
