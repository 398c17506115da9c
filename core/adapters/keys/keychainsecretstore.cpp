#include "core/adapters/keys/keychainsecretstore.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QTimer>
#include <qt6keychain/keychain.h>

namespace winnow {

namespace {

constexpr int kPatienceMs = 15000; ///< a locked key store asks the person
const QString kService = QStringLiteral("winnow");

/// Runs a job of the key store to its end. \returns false when it gave no answer in time.
template <typename Job>
bool finish(Job &job)
{
    QEventLoop loop;
    bool done = false;
    job.setAutoDelete(false);
    QObject::connect(&job, &QKeychain::Job::finished, &loop, [&] {
        done = true;
        loop.quit();
    });
    QTimer::singleShot(kPatienceMs, &loop, &QEventLoop::quit);
    job.start();
    if (!done)
        loop.exec();
    return done;
}

Error errorOf(const QKeychain::Job &job)
{
    const bool denied = job.error() == QKeychain::AccessDenied || job.error() == QKeychain::AccessDeniedByUser;
    return {denied ? ErrorCode::Forbidden : ErrorCode::Io, "the system's key store: " + job.errorString().toStdString()};
}

}

bool KeychainSecretStore::available()
{
    if (!QCoreApplication::instance() || !qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS"))
        return false;
    QKeychain::ReadPasswordJob probe(kService);
    probe.setInsecureFallback(false);
    probe.setKey(QStringLiteral("probe"));
    return finish(probe) && (probe.error() == QKeychain::NoError || probe.error() == QKeychain::EntryNotFound);
}

std::string KeychainSecretStore::place(const std::string &name) const
{
    return "the system's key store, entry winnow/" + name;
}

Result<std::optional<std::string>> KeychainSecretStore::get(const std::string &name)
{
    QKeychain::ReadPasswordJob job(kService);
    job.setKey(QString::fromStdString(name));
    if (!finish(job))
        return fail(ErrorCode::Io, "the system's key store gave no answer");
    if (job.error() == QKeychain::EntryNotFound)
        return std::optional<std::string>();
    if (job.error() != QKeychain::NoError)
        return tl::unexpected(errorOf(job));
    return std::optional(job.textData().toStdString());
}

Result<> KeychainSecretStore::set(const std::string &name, const std::string &secret)
{
    QKeychain::WritePasswordJob job(kService);
    job.setKey(QString::fromStdString(name));
    job.setTextData(QString::fromStdString(secret));
    if (!finish(job))
        return fail(ErrorCode::Io, "the system's key store gave no answer");
    return job.error() == QKeychain::NoError ? Result<>() : tl::unexpected(errorOf(job));
}

Result<> KeychainSecretStore::remove(const std::string &name)
{
    QKeychain::DeletePasswordJob job(kService);
    job.setKey(QString::fromStdString(name));
    if (!finish(job))
        return fail(ErrorCode::Io, "the system's key store gave no answer");
    return job.error() == QKeychain::NoError || job.error() == QKeychain::EntryNotFound ? Result<>() : tl::unexpected(errorOf(job));
}

std::string PreferredSecretStore::place(const std::string &name) const
{
    if (!m_first)
        return m_second.place(name);
    const auto kept = m_second.get(name); // from before there was a key store
    return kept && *kept ? m_second.place(name) : m_first->place(name);
}

Result<std::optional<std::string>> PreferredSecretStore::get(const std::string &name)
{
    auto found = m_second.get(name);
    if (!m_first || (found && *found))
        return found;
    return m_first->get(name);
}

Result<> PreferredSecretStore::set(const std::string &name, const std::string &secret)
{
    return m_first ? m_first->set(name, secret) : m_second.set(name, secret);
}

Result<> PreferredSecretStore::remove(const std::string &name)
{
    auto done = m_second.remove(name);
    return done && m_first ? m_first->remove(name) : done;
}

}
