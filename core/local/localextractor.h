#pragma once

#include <memory>

#include "core/local/taxonomy.h"
#include "core/ports/extractor.h"

namespace winnow
{

/// Finds issues without a model or a network: the words of a taxonomy and of the cues, added up in whole points. Every
/// answer can be traced to the phrases that made it.
class LocalExtractor : public Extractor
{
public:
    ~LocalExtractor() override;
    /// \errors NotFound, Io: the shipped cues; InvalidInput: a phrase that is none.
    [[nodiscard]] static Result<std::unique_ptr<LocalExtractor>> make(Taxonomy taxonomy);
    /// With the shipped taxonomy, which is read once. \errors NotFound, Io, InvalidInput.
    [[nodiscard]] static Result<std::unique_ptr<LocalExtractor>> makeShipped();

    [[nodiscard]] std::string version() const override;
    [[nodiscard]] Result<std::vector<std::vector<Finding>>> extract(std::span<const ExtractionRequest> requests,
                                                                    std::stop_token stop) override;

private:
    struct Private;
    explicit LocalExtractor(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

}
